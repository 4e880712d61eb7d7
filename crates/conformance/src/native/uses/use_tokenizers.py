from tokenizers import Tokenizer, models, pre_tokenizers, trainers


def use():
    tokenizer = Tokenizer(models.BPE(unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    trainer = trainers.BpeTrainer(vocab_size=60, special_tokens=["?"], show_progress=False)
    tokenizer.train_from_iterator(["the cat sat on the mat", "the dog sat"], trainer)
    return [tokenizer.encode("the mat sat").tokens, tokenizer.get_vocab_size()]
