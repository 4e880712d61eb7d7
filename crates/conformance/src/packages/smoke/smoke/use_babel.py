"""babel: locale data that it opens beside its modules, and message catalogues."""

import datetime
import io

import babel.core
from babel import Locale, dates, lists, messages, numbers, support
from babel.messages import extract, mofile, pofile


def main():
    day = datetime.datetime(2024, 2, 29, 13, 5)
    found = [
        dates.format_datetime(day, locale="de_DE"),
        dates.format_date(day, "full", locale="ja"),
        numbers.format_currency(1234.5, "EUR", locale="fr_FR"),
        lists.format_list(["a", "b", "c"], locale="es"),
        Locale.parse("zh_Hant_TW").display_name,
        len(babel.core.Locale("en").territories),
        len(babel.localedata.locale_identifiers()),
        dates.get_timezone_name(dates.get_timezone("Europe/Berlin"), locale="en_US"),
    ]
    catalog = messages.Catalog(locale="de")
    for _, message, comments, _ in extract.extract("python", io.BytesIO(b"_('Hello')\n")):
        catalog.add(message, "Hallo", auto_comments=comments)
    text, binary = io.BytesIO(), io.BytesIO()
    pofile.write_po(text, catalog, omit_header=True)
    mofile.write_mo(binary, catalog)
    binary.seek(0)
    return found + [text.getvalue(), support.Translations(binary).gettext("Hello")]
