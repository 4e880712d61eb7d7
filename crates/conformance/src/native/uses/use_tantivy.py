import tantivy


def use():
    schema = tantivy.SchemaBuilder().add_text_field("title", stored=True).build()
    index = tantivy.Index(schema)
    writer = index.writer(heap_size=15_000_000, num_threads=1)
    writer.add_document(tantivy.Document(title="The Old Man and the Sea"))
    writer.add_document(tantivy.Document(title="Frankenstein"))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    found = searcher.search(index.parse_query("sea", ["title"]), 3).hits
    return [searcher.num_docs, [searcher.doc(address)["title"][0] for _, address in found]]
