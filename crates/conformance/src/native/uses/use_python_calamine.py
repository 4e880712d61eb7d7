import io

import openpyxl
import python_calamine


def use():
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["a", 1, 2.5])
    book.save(buffer)
    buffer.seek(0)
    read = python_calamine.CalamineWorkbook.from_filelike(buffer)
    return [read.sheet_names, read.get_sheet_by_index(0).to_python()]
