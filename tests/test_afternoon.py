"""One afternoon, walked through HTTP without JavaScript: forms, pages, the Word file."""

import re

from conftest import Room, code_of
from readback import outline, text, under

from contrib.store.db import db
from contrib.store.models import Event, Note


def card_id(page: str, sentence: str) -> str:
    found = re.search(
        rf'<li class="note[^"]*" id="note-([^"]+)"(?:(?!<li).)*?{re.escape(sentence)}', page, re.S
    )
    assert found, sentence
    return found[1]


def test_the_whole_afternoon(app, day: Event, people, emergence: Room, numerique: Room) -> None:
    # 14 h 30: two facilitators enter with the codes on their tables, however they type them
    paul, jeanne, presenter = people(), people(), people()
    paul.enter(code_of(app, day, "emergence").lower().replace("-", " "))
    jeanne.enter(code_of(app, day, "numerique"))
    assert "Aucune note pour l’instant" in paul.page
    assert "<title>L’émergence · prise de notes" in paul.page

    # they note first and sort later
    paul.post(
        f"{emergence.path}/notes",
        text="Ouvrir les centres sociaux le soir",
        operation="00000000000000000000000000000001",
    )
    assert "Ouvrir les centres sociaux le soir" in paul.page
    night = card_id(paul.page, "Ouvrir les centres sociaux le soir")
    paul.post(f"{emergence.path}/notes/{night}/rubric", rubric=emergence.rubric("recommandations"))

    # several lines: one note, or as many
    paul.post(
        f"{emergence.path}/notes", text="- un\n- deux\n- trois", operation="00000000000000000000000000000002"
    )
    assert "Une seule note, ou 3 notes" in paul.page
    assert "- un\n- deux\n- trois</textarea>" in paul.page
    paul.post(
        f"{emergence.path}/liste", text="- un\n- deux\n- trois", operation="00000000000000000000000000000002"
    )
    assert db.session.query(Note).filter_by(workshop_id=emergence.workshop.id).count() == 4

    # a note goes to the plenary, with a key message, who speaks, and how many were there
    paul.post(f"{emergence.path}/notes/{night}/highlight", chosen="1")
    paul.post(f"{emergence.path}/message", text="Accueillir l’envie avant le dossier", base="")
    paul.post(f"{emergence.path}/speaker", name="Mme Rapporteuse")
    paul.post(f"{emergence.path}/participants", number="24")
    paul.post(f"{emergence.path}/readiness", ready="1")
    assert "l’atelier est prêt. Ce qui est enregistré est sur cette page" in paul.page

    # ready locks nothing
    paul.post(
        f"{emergence.path}/notes", text="Une dernière idée", operation="00000000000000000000000000000003"
    )
    assert "1 note ajoutée depuis" in paul.page

    # the other workshop notes in its own rubrics
    jeanne.post(
        f"{numerique.path}/notes",
        text="Pas de plateforme sans animation",
        rubric=numerique.rubric("conditions"),
        operation="00000000000000000000000000000005",
    )

    # 16 h 24: the presenter enters and takes the document
    presenter.enter(code_of(app, day, None))
    assert "Télécharger le document Word" in presenter.page
    presenter.get(f"/{day.name}/restitution.docx")
    name = re.search(r"restitution-\d{1,2}h\d\d\.docx", presenter.headers["Content-Disposition"])
    assert name
    content = presenter.bytes
    assert (2, "À dire\u00a0: L’émergence") in outline(content)
    assert under(content, "À dire\u00a0: L’émergence")[2:] == [
        "Accueillir l’envie avant le dossier",
        "Ouvrir les centres sociaux le soir\u00a0ÉME\u20111",
        "Ensuite\u00a0: La consolidation (5\u00a0minutes).",
    ]
    assert under(content, "Conditions · NUM") == ["Pas de plateforme sans animation NUM\u20111"]
    for sentence in (
        "Mme\u00a0Rapporteuse · 5\u00a0minutes",
        "Accueillir l’envie avant le dossier",
        "Une dernière idée",
    ):
        assert sentence in text(content)

    # what changed since is said
    paul.post(f"{emergence.path}/notes", text="Encore une", operation="00000000000000000000000000000004")
    presenter.get(f"/{day.name}/restitution")
    assert re.search(r"Téléchargé le \d.* à \d.*; depuis : 1 note, 0 choix changé\.", presenter.page)

    # and two workshops meet in a point commun
    presenter.get(f"/{day.name}/synthese")
    first, other = (
        re.search(rf'value="(\w+)"[^>]*><span class="unseen">Prendre {name}', presenter.page)[1]
        for name in ("ÉME.1", "NUM.1")
    )
    presenter.post(
        f"/{day.name}/synthese/points-communs", text="Aller là où sont les gens", notes=[first, other]
    )
    presenter.get(f"/{day.name}/restitution.docx?pages=dire")
    assert "Aller là où sont les gens (d’après ÉME\u20111, NUM\u20111)" in text(presenter.bytes)


def test_every_refusal_is_a_sentence_with_the_text_still_in_the_box(
    app, day: Event, people, emergence: Room
) -> None:
    paul = people()
    paul.enter(code_of(app, day, "emergence"))

    paul.post(f"{emergence.path}/notes", text="   ")
    assert (paul.status, "Il n’y a encore rien à noter" in paul.page) == (422, True)

    long = "a" * 20_000
    paul.post(f"{emergence.path}/notes", text=long, parts="one")
    assert (paul.status, "dépasse 10 000 caractères" in paul.page, long in paul.page) == (
        422,
        True,
        True,
    )

    paul.get(emergence.path)
    paul.post(f"{emergence.path}/notes", token=False, csrf_token="old", text="Phrase d’hier")
    assert (paul.status, "Phrase d’hier</textarea>" in paul.page) == (400, True)

    stranger = people()
    stranger.post(f"{emergence.path}/notes", text="Phrase sans code")
    assert (stranger.status, "Phrase sans code</textarea>" in stranger.page) == (401, True)
    stranger.post("/", code=code_of(app, day, "emergence"), kept="Phrase sans code")
    assert "Votre texte est là, pas encore noté" in stranger.page
    assert "Phrase sans code</textarea>" in stranger.page

    stranger.enter("AAAAA-BBBBB")
    assert (
        stranger.status,
        "n’ouvre aucun atelier" in stranger.page,
        'value="AAAAA-BBBBB"' in stranger.page,
    ) == (
        422,
        True,
        True,
    )

    paul.get(emergence.path)
    paul.post(f"{emergence.path}/notes", text="D’un autre atelier", workshop="elsewhere", parts="one")
    assert (paul.status, "D’un autre atelier</textarea>" in paul.page) == (409, True)


def test_markup_in_a_note_is_shown_and_never_obeyed(app, day: Event, people, emergence: Room) -> None:
    paul, presenter = people(), people()
    attack = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"
    emergence.note(attack, "recommandations", highlight=True, theme="<b>thème</b>")
    paul.enter(code_of(app, day, "emergence"))
    presenter.enter(code_of(app, day, None))

    for page in (paul.page, presenter.page, presenter.get(f"/{day.name}/plein-ecran")):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_a_renewed_code_shuts_the_old_one_out(app, day: Event, people, emergence: Room) -> None:
    paul, organiser = people(), people()
    old = code_of(app, day, "emergence")
    paul.enter(old)
    organiser.organise()
    organiser.get(f"/{day.name}/organisation/codes")
    organiser.post(f"/{day.name}/organisation/codes/emergence/renewal")

    paul.get(emergence.path)
    assert paul.status == 401
    paul.enter(old)
    assert paul.status == 422
    db.session.expire_all()
    paul.enter(code_of(app, day, "emergence"))
    assert "prise de notes" in paul.page


def test_clearing_the_trial_keeps_it_and_starts_from_one_with_the_same_codes(
    app, day, people, emergence
) -> None:
    emergence.note("Essai, ignorez-moi")
    code, old_name = code_of(app, day, "emergence"), day.name
    organiser, paul = people(), people()
    organiser.organise()
    organiser.get(f"/{day.name}/organisation/reglages")
    organiser.post(f"/{day.name}/organisation/reglages/essais", confirmation="oui")
    assert organiser.status == 422
    organiser.post(f"/{day.name}/organisation/reglages/essais", confirmation="commencer")

    paul.enter(code)
    assert "Essai, ignorez-moi" not in paul.page
    paul.post(f"/{old_name}/ateliers/emergence/notes", text="Première vraie note")
    assert "ÉME\u20111" in paul.page
    events = {e.name: e.archived_at is not None for e in db.session.query(Event)}
    assert events == {old_name: False, f"{old_name}-essai-1": True}
    assert db.session.query(Note).count() == 2


def test_the_organiser_changes_the_programme_and_what_holds_notes_stays(app, day, people, emergence) -> None:
    emergence.note("Une note", "recommandations")
    organiser = people()
    organiser.organise()
    page = f"/{day.name}/organisation/ateliers/emergence"
    organiser.get(page)
    organiser.post(page, title="L’accueil", question="Qui ?", minutes="7", expected_highlights="2")
    organiser.get(emergence.path)
    assert "L’accueil" in organiser.page

    rubric = emergence.rubric("recommandations")
    fields = {"title": "L’accueil", "minutes": "7", "expected_highlights": "2"}
    rows = [(one.id, one.label, one.prompt) for one in emergence.workshop.rubrics]
    ids, labels, prompts = (list(column) for column in zip(*rows, strict=True))
    fields |= {"rubric": ids, "label": labels, "prompt": prompts}
    organiser.post(page, **fields, step=f"{rubric} out")
    assert (organiser.status, "contient 1 note" in organiser.page) == (409, True)
    organiser.post(f"{page}/removal")
    assert (organiser.status, "ne peut pas être supprimé" in organiser.page) == (409, True)
    organiser.post(page, **fields, step=f"{emergence.rubric('verbatim')} out")
    labels[1] = "Belles expériences"
    fields |= {"rubric": [ids[0], ids[1], ids[4]], "label": [labels[0], labels[1], ""]}
    organiser.post(page, **fields | {"prompt": prompts[:3]})
    assert (organiser.status, "Une rubrique a besoin d’un nom." in organiser.page) == (422, True)
    assert 'value="Belles expériences"' in organiser.page, "what was typed is still there"
    fields |= {"rubric": ids[:2], "label": labels[:2], "prompt": prompts[:2]}
    organiser.post(page, **fields, new_label="Rêves", new_nature="question", step=f"{ids[1]} up")
    db.session.expire_all()
    assert [(r.label, r.nature) for r in emergence.workshop.rubrics] == [
        ("Belles expériences", "experience"), ("Recommandations", "recommandation"),
        ("Points de débat", "debat"), ("Questions ouvertes", "question"), ("Rêves", "question"),
    ]  # fmt: skip


def test_a_refused_common_text_is_still_in_its_box(app, day, people, emergence) -> None:
    note = emergence.note("Départ")
    emergence.write("reword", note, text="De Paul", base=note)
    emergence.write("reword", note, text="De Jeanne", base=note)
    paul = people()
    paul.enter(code_of(app, day, "emergence"))
    long = "commun " * 1_600
    paul.post(f"{emergence.path}/notes/{note}/settlement", text=long, bases="x")

    assert (paul.status, long in paul.page) == (422, True)


def test_the_message_box_settles_two_key_messages(app, day, people, emergence) -> None:
    emergence.write("message", id="00000000000000000000000000000011", text="Le soir", base="")
    emergence.write("message", id="00000000000000000000000000000012", text="Le samedi", base="")
    paul = people()
    paul.enter(code_of(app, day, "emergence"))
    assert "Le message clé a deux rédactions" in paul.page
    base = re.search(r'name="base"[^>]* value="(0{30}11 0{30}12)"', paul.page)
    assert base
    paul.post(f"{emergence.path}/message", text="Le soir et le samedi", base=base[1])

    assert "deux rédactions" not in paul.page


def test_wrong_values_are_told_in_french(app, day, people, emergence) -> None:
    paul, organiser = people(), people()
    paul.enter(code_of(app, day, "emergence"))
    paul.post(f"{emergence.path}/participants", number="vingt")
    organiser.organise()
    organiser.get(f"/{day.name}/organisation/programme")
    organiser.post(f"/{day.name}/organisation/programme", title="T", date="demain", plenary_at="tard")
    organiser.post(f"/{day.name}/organisation/reglages/dossier", folder="a" * 300)

    assert "Not a valid" not in paul.page + organiser.page
    assert paul.status == 422
    assert (organiser.status, "n’existe pas sur l’ordinateur du serveur" in organiser.page) == (422, True)


def test_the_organiser_stays_in_the_day_that_begins(app, day, people, emergence) -> None:
    organiser = people()
    organiser.organise()
    organiser.get(f"/{day.name}/organisation/reglages")
    organiser.post(f"/{day.name}/organisation/reglages/essais", confirmation="commencer")

    assert "Essai archivé" not in organiser.page
    assert "La journée commence" in organiser.page


def test_on_another_date_pages_and_document_say_the_day_and_the_hour(app, day, people, emergence) -> None:
    emergence.note("Notée la veille, pour essayer")
    paul, presenter = people(), people()
    paul.enter(code_of(app, day, "emergence"))
    presenter.enter(code_of(app, day, None))
    presenter.get(f"/{day.name}/restitution.docx")

    date = r"le \d{1,2}(er)? \w+"
    assert re.search(rf"Reçue {date} à \d", paul.page)
    assert re.search(rf"État du {date[3:]} \d{{4}} à \d", text(presenter.bytes))


def test_a_signature_that_is_taken_back_leaves_the_feed_too(app, day, people, emergence) -> None:
    paul = people()
    paul.enter(code_of(app, day, "emergence"))
    paul.post(f"{emergence.path}/signature", name="Zénobie")
    paul.post(f"{emergence.path}/notes", text="Signée", parts="one")

    def feed() -> str:
        paul.get(f"{emergence.path}/feed?since=0")
        return paul.bytes.decode()

    assert "Z\\u00e9nobie" in feed() or "Zénobie" in feed()
    paul.post(f"{emergence.path}/signature", name="")

    assert "nobie" not in feed()


def test_a_refused_key_message_is_still_made_on_the_text_that_it_was_made_on(
    app, day, people, emergence
) -> None:
    paul = people()
    first = emergence.write("message", text="Le soir", base="").outcome["revision"]
    paul.enter(code_of(app, day, "emergence"))
    emergence.write("message", text="Le samedi", base=first)
    paul.post(f"{emergence.path}/message", text="x" * 1_500, base=first)

    assert paul.status == 422
    assert f'name="base" value="{first}"' in paul.page


def test_several_lines_from_a_page_of_another_day_are_refused_before_they_are_asked_about(
    app, day, people, emergence
) -> None:
    paul = people()
    paul.enter(code_of(app, day, "emergence"))
    paul.post(f"{emergence.path}/notes", text="un\ndeux", workshop="elsewhere")

    assert paul.status == 409
    assert "un\ndeux" in paul.page
