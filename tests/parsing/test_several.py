"""A file may hold several letters; each is found with its pages."""

from __future__ import annotations

from lorscore.parsing.several import letters_of
from lorscore.reading.read import text_of_content
from tests.made_pdfs import page_of, pdf

ONE = page_of("Ines Falkenrath", "Tobias Ekwueme")
TWO = page_of("Odile Marchetti-Boone", "Tobias Ekwueme", "He never missed a lab value.")
REST = "He stayed until the last note was written.\n\nSincerely,\nOdile Marchetti-Boone, MD"


def pages_of(pages: list[str], bookmarks: tuple[int, ...] = ()) -> list[tuple[int, int] | None]:
    return [letter.pages for letter in letters_of(text_of_content(pdf(pages, bookmarks), "f.pdf"), "f.pdf")]


def test_each_greeting_begins_a_letter():
    assert pages_of([ONE, TWO]) == [(1, 1), (2, 2)]


def test_a_page_without_greeting_goes_on_with_the_letter_before():
    begun = TWO.replace("Sincerely,\nOdile Marchetti-Boone, MD", "")
    assert pages_of([ONE, begun, REST, ONE]) == [(1, 1), (2, 3), (4, 4)]


def test_a_letterhead_on_every_page_is_still_one_letter():
    begun = TWO.replace("Sincerely,\nOdile Marchetti-Boone, MD", "")
    assert pages_of([begun, f"Larkfield General Hospital\n\n{REST}"]) == [(1, 2)]


def test_a_letterhead_after_a_signature_begins_a_letter_without_greeting():
    ungreeted = TWO.replace("Dear Program Director:\n\n", "")
    assert pages_of([ONE, ungreeted]) == [(1, 1), (2, 2)]


def test_a_cover_sheet_belongs_to_the_letter_behind_it():
    assert pages_of(["Applicant: Tobias Ekwueme\nThree documents", ONE]) == [(1, 2)]


def test_bookmarks_begin_letters_unless_a_sentence_runs_on():
    bare = "He read every chart on the list before rounds. He was glad to be asked.\nInes Falkenrath"
    assert pages_of([bare, bare, bare]) == [(1, 3)]
    assert pages_of([bare, bare, bare], bookmarks=(0, 1, 2)) == [(1, 1), (2, 2), (3, 3)]
    assert pages_of(["He read every chart on", "the list before rounds."], bookmarks=(0, 1)) == [(1, 2)]


def test_headings_inside_a_letter_do_not_cut_it():
    begun = TWO.replace("Sincerely,\nOdile Marchetti-Boone, MD", "")
    assert pages_of([begun, "She also read every chart.\n\n" + REST], bookmarks=(0, 1)) == [(1, 2)]


def test_a_text_file_is_one_letter_without_pages():
    assert [x.pages for x in letters_of(text_of_content(ONE.encode(), "one.txt"), "one.txt")] == [None]


def test_each_letter_has_its_own_words():
    one, two = letters_of(text_of_content(pdf([ONE, TWO]), "f.pdf"), "f.pdf")
    assert "lab value" not in one.text
    assert "lab value" in two.text
