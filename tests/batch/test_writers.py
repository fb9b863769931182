"""A superlative that a writer says of everybody is seen."""

from __future__ import annotations

import lorscore
from lorscore.batch.writers import WriterSeason, seasons_of_writers, superlatives_of
from tests.conftest import letter


def test_best_in_years_five_times_a_season_is_reported():
    letters = [
        ("Ines Falkenrath", None, f"applicant {n}", ["the best student I have worked with in years"]) for n in range(5)
    ]
    letters.append(("Dr. Ines Falkenrath, MD", None, "applicant 5", []))
    (season,) = seasons_of_writers(letters)
    assert season == WriterSeason("Ines Falkenrath", None, 6, 6, "the best student I have worked with in years", 5)


def test_a_superlative_is_the_same_with_another_pronoun_and_small_changes():
    said = ["she is among the top 5% of students I have taught", "he is among the top 5% of the students I have taught"]
    (season,) = seasons_of_writers([("A. Moss", None, str(n), [s]) for n, s in enumerate(said)])
    assert season.said_in == 2


def test_different_placings_are_different():
    said = ["the best resident in ten years", "in the top third of the clerkship"]
    (season,) = seasons_of_writers([("Ada Moss", None, str(n), [s]) for n, s in enumerate(said)])
    assert season.said_in == 1


def test_two_writers_of_one_name_at_two_sites_are_two():
    letters = [
        ("Ada Moss", "Larkfield Hospital", "1", []),
        ("Ada Moss", "Oakrise Clinic", "2", []),
        ("Ada Moss", None, "3", []),
    ]
    assert [s.letters for s in seasons_of_writers(letters)] == [1, 1, 1]


def test_a_letter_without_site_belongs_to_the_only_site():
    letters = [("Ada Moss", "Larkfield Hospital", "1", []), ("Moss, Ada", None, "2", [])]
    (season,) = seasons_of_writers(letters)
    assert (season.site, season.letters) == ("Larkfield Hospital", 2)


def test_letters_without_a_writer_are_nobody_s():
    assert seasons_of_writers([(None, None, "1", []), ("Dr.", None, "2", [])]) == []


def test_only_affirmed_placings_and_highest_recommendations_are_superlatives():
    score = lorscore.score(
        letter(
            "She carried six patients.",
            "She is the best student I have worked with in ten years.",
            "She is not the strongest student of her class.",
        )
    )
    assert any("best student" in s for s in superlatives_of(score))
    assert not any("strongest" in s or "six patients" in s for s in superlatives_of(score))
