from svodka.figures.remembered import remembered


def test_a_sentence_is_read_once_and_an_article_each_time_it_is_asked_for():
    read = []

    @remembered
    def length(text: str, *, lang: str) -> int:
        """How long."""
        read.append((text, lang))
        return len(text)

    article = "word " * 1_000
    assert [length("Eight million.", lang="en"), length("Eight million.", lang="en"), length("Eight million.", lang="ru")] == [14, 14, 14]
    assert [length(article, lang="en"), length(article, lang="en")] == [5_000, 5_000]
    assert read == [("Eight million.", "en"), ("Eight million.", "ru"), (article, "en"), (article, "en")]
    assert length.__doc__ == "How long."
