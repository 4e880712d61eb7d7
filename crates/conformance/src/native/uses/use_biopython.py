import io

from Bio import Align, SeqIO
from Bio.Seq import Seq
from Bio.SeqUtils import gc_fraction


def use():
    records = list(SeqIO.parse(io.StringIO(">a\nACGT\n>b\nGGCC\n"), "fasta"))
    aligner = Align.PairwiseAligner(mode="global", match_score=2, mismatch_score=-1)
    matrix = Align.substitution_matrices.load("BLOSUM62")
    return [
        [(record.id, str(record.seq.reverse_complement())) for record in records],
        str(Seq("ATGGCC").translate()),
        aligner.score("ACGTT", "ACTT"),
        gc_fraction("GGCA"),
        matrix["W"]["W"],
    ]
