import spacy
from spacy.matcher import Matcher


def use():
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "ORG", "pattern": "Acme"}])
    text = nlp("Acme didn't buy 3 cars. It sold them at http://acme.com!")
    matcher = Matcher(nlp.vocab)
    matcher.add("number", [[{"LIKE_NUM": True}, {"IS_ALPHA": True}]])
    return [
        [token.text for token in text],
        len(list(text.sents)),
        [(entity.text, entity.label_) for entity in text.ents],
        [text[start:end].text for _, start, end in matcher(text)],
        spacy.blank("de")("Das ist z.B. gut.")[2].text,
        len(nlp.to_bytes()) > 1000,
    ]
