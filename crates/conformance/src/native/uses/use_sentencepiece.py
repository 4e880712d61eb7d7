import io

import sentencepiece


def use():
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["the cat sat on the mat", "a dog sat on the log"] * 20),
        model_writer=model, vocab_size=19, minloglevel=2, num_threads=1,
    )
    processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    pieces = processor.encode("the dog", out_type=str)
    return [pieces, processor.decode(pieces), processor.vocab_size()]
