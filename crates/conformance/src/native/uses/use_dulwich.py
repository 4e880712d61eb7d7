import dulwich._objects
import dulwich._pack
from dulwich import objects, pack
from dulwich.repo import MemoryRepo


def use():
    repo = MemoryRepo()
    blob = objects.Blob.from_string(b"content\n")
    tree = objects.Tree()
    tree.add(b"a.txt", 0o100644, blob.id)
    repo.object_store.add_objects([(blob, None), (tree, None)])
    delta = b"".join(pack.create_delta(b"hello there" * 9, b"hello here" * 9))
    again = b"".join(pack.apply_delta(b"hello there" * 9, delta))
    return [tree.id.decode(), again == b"hello here" * 9, repo.object_store[blob.id].data.decode(), type(dulwich._objects.parse_tree).__name__]
