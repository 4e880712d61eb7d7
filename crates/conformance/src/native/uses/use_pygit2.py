import os
import tempfile


def use():
    # It isn't imported on a system without certificates.
    os.environ.setdefault("SSL_CERT_DIR", tempfile.gettempdir())
    import pygit2

    with tempfile.TemporaryDirectory() as directory:
        repository = pygit2.init_repository(os.path.join(directory, "r"))
        with open(os.path.join(directory, "r", "a.txt"), "w") as file:
            file.write("a\n")
        repository.index.add("a.txt")
        tree = repository.index.write_tree()
        who = pygit2.Signature("A", "a@example.org", 1_700_000_000, 0)
        commit = repository.create_commit("HEAD", who, who, "first", tree, [])
        return [str(tree), str(commit), [entry.name for entry in repository[tree]]]
