from wordcloud import WordCloud


def use():
    cloud = WordCloud(width=120, height=80, random_state=3).generate("one two two three three three bundle")
    return [sorted(cloud.words_.items()), cloud.to_array().shape, len(cloud.layout_), int(cloud.to_array().max()) > 100]
