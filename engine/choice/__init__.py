"""What would change the choice: regret, alternatives, break-even; and how much of a difference each input causes.

    question (docs/choice.md) -> StudyRequest -> solve process -> tables of a study -> words, figures, page

`questions`, `futures`, `variants`, `explained` and the `..._words` know no solver: pages and the command line use them.
"""
