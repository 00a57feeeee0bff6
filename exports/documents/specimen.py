"""A small made-up day in which every kind of line occurs: for trial documents."""

from datetime import UTC, date, datetime, time

from exports.digest import Convergence, Digest, Event, Key, Merger, Note, Rubric, Sequence, Wording, Workshop

_AT = datetime(2021, 9, 30, 14, 24, tzinfo=UTC)


def specimen() -> Digest:
    """The same digest each time: two workshops, chosen notes, lists, themes, a dispute, links."""
    return Digest(
        event=Event(
            id=Key("essai"),
            name=Key("essai"),
            title="Document d’essai",
            subtitle="Pour voir chaque style du modèle",
            date=date(2021, 9, 30),
            place="Liévin",
            organiser="Organisateur",
            timezone=Key("Europe/Paris"),
            plenary_at=time(16, 30),
            fictional=True,
            sequences=(Sequence(at=time(9, 30), title="Accueil"),),
        ),
        taken_at=_AT,
        seq=1,
        workshops=(_first(), _second()),
        convergences=(
            Convergence(
                id=Key("c1"),
                text="Aller là où sont les gens : une phrase qui repose sur deux ateliers.",
                notes=(Key("a1"), Key("b1")),
            ),
        ),
        mergers=(
            Merger(id=Key("s1"), text="Une rédaction pour plusieurs notes.", notes=(Key("a2"), Key("b1"))),
        ),
    )


def _note(key: str, *texts: str, rank: int | None = None, theme: str | None = None) -> Note:
    workshop, number = key[0].upper(), key[1:]
    return Note(
        id=Key(key),
        reference=Key(f"{workshop}{workshop}-{number}"),
        nature=Key("recommandation"),
        wordings=tuple(
            Wording(revision=Key(f"{key}-{n}"), text=text, received_at=_AT) for n, text in enumerate(texts)
        ),
        rank=rank,
        theme=theme,
    )


def _first() -> Workshop:
    recommendations = (
        _note("a1", "Ouvrir les lieux le soir, sans dossier ni rendez-vous.", rank=1, theme="Lieux"),
        _note("a2", "Une note qui contient une liste :\n- un premier point ;\n- un second.", rank=2),
        _note("a3", "Une rédaction de cette note.", "Une autre rédaction de la même note."),
    )
    return Workshop(
        id=Key("wa"),
        name=Key("premier"),
        initials=Key("AA"),
        title="Premier atelier",
        question="Quelle question l’atelier s’est-il posée ?",
        speaker="Qui parle en plénière",
        participants=24,
        ready_at=_AT,
        message=Note(
            id=Key("ma"),
            reference=None,
            nature=None,
            wordings=(
                Wording(revision=Key("ma"), text="La phrase que la salle doit retenir.", received_at=_AT),
            ),
        ),
        rubrics=(
            Rubric(
                name=Key("recommandations"),
                nature=Key("recommandation"),
                label="Recommandations",
                notes=recommendations,
            ),
            Rubric(
                name=Key("experiences"),
                nature=Key("experience"),
                label="Expériences",
                notes=(_note("a4", "Un café mobile qui va de quartier en quartier."),),
            ),
        ),
        received=4,
    )


def _second() -> Workshop:
    return Workshop(
        id=Key("wb"),
        name=Key("second"),
        initials=Key("BB"),
        title="Second atelier",
        question="Et celui-ci ?",
        rubrics=(
            Rubric(
                name=Key("recommandations"),
                nature=Key("recommandation"),
                label="Recommandations",
                notes=(_note("b1", "Doubler chaque service en ligne d’un accueil en personne."),),
            ),
        ),
        unsorted=(_note("b2", "Une note que personne n’a encore classée."),),
        received=2,
        withdrawn=1,
    )
