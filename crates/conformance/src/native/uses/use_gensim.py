from gensim import corpora, models


def use():
    texts = [["cat", "dog", "mouse"], ["tree", "leaf"], ["cat", "mouse"], ["leaf", "tree", "bark"]]
    words = corpora.Dictionary(texts)
    counted = [words.doc2bow(text) for text in texts]
    topics = models.LsiModel(models.TfidfModel(counted)[counted], id2word=words, num_topics=2)
    vectors = models.Word2Vec(texts, vector_size=8, min_count=1, workers=1, seed=1, epochs=2)
    return [
        len(words),
        len(topics.print_topics()),
        sorted(vectors.wv.key_to_index),
        models.word2vec.FAST_VERSION,
    ]
