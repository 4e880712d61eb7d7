import os
import tempfile

import pysam


def use():
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "a.bam")
        header = {"HD": {"VN": "1.0"}, "SQ": [{"LN": 1000, "SN": "chr1"}]}
        with pysam.AlignmentFile(path, "wb", header=header) as file:
            read = pysam.AlignedSegment()
            read.query_name, read.query_sequence, read.flag = "read", "ACGT", 0
            read.reference_id, read.reference_start, read.cigarstring = 0, 10, "4M"
            file.write(read)
        pysam.index(path)
        with pysam.AlignmentFile(path) as file:
            return [[read.query_name, read.reference_end] for read in file.fetch("chr1", 0, 100)]
