"""What a script adds to reading a thread."""

import re

import pytest
from playwright.sync_api import expect

from comments.models import Comment, trees
from tests import factories

pytestmark = pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])


def wide(article, size):
    """A tree of one comment with ``size`` - 1 replies."""
    made = []
    with trees.thread_write(article) as thread:
        for number in range(size):
            text = f"意見 {number + 1}"
            parent = made[0] if made else None
            made.append(Comment(parent=parent, text=text, html=f"<p>{text}</p>"))
        trees.insert_many(made, thread=thread, max_depth=100)
    return made


def ending(address):
    return re.compile(f"{re.escape(address)}$")


def number_of(shown, comment):
    return shown.comment(comment).locator(".comment__number")


def menu_of(shown, comment):
    """Open the menu of a comment."""
    shown.comment(comment).locator(".menu__button").click()
    return shown.comment(comment).locator(".menu__box")


def test_keys_lead_through_the_thread(page, article, branch, thread):
    second = factories.comment(article, text="別の話題。")
    third = factories.comment(article, text="もう一つ。")
    shown = thread(page).open()
    number_of(shown, branch[0]).focus()
    for key, expected in (
        ("j", second),
        ("j", third),
        ("j", third),
        ("k", second),
        ("k", branch[0]),
    ):
        page.keyboard.press(key)
        expect(number_of(shown, expected)).to_be_focused()
    number_of(shown, branch[2]).focus()
    page.keyboard.press("p")
    expect(number_of(shown, branch[1])).to_be_focused()
    page.keyboard.press("c")
    field = page.locator("#write textarea")
    expect(field).to_be_focused()
    page.keyboard.type("jkpn")
    expect(field).to_have_value("jkpn")


@pytest.mark.slow
def test_keys_lead_into_the_thread_from_above_and_below(page, article, branch, thread):
    article.body = "<p>灯台の光は遠くまで届く。</p>" * 40
    article.save()
    second = factories.comment(article, text="別の話題。")
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    shown = thread(page).open()
    page.keyboard.press("k")
    expect(page.locator("body")).to_be_focused()
    page.keyboard.press("j")
    expect(number_of(shown, branch[0])).to_be_focused()
    page.keyboard.press("j")
    expect(number_of(shown, second)).to_be_focused()
    assert errors == []


@pytest.mark.slow
def test_keys_can_be_switched_off(page, article, branch, thread):
    second = factories.comment(article, text="別の話題。")
    shown = thread(page).open()
    page.keyboard.press("?")
    switch = page.get_by_role("dialog").get_by_role("button", name="キー操作")
    expect(switch).to_have_attribute("aria-pressed", "true")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Escape")
    expect(switch).to_be_hidden()
    number_of(shown, branch[0]).focus()
    page.keyboard.press("j")
    expect(number_of(shown, branch[0])).to_be_focused()
    page.get_by_role("link", name="次の話題").click()
    expect(number_of(shown, second)).to_be_focused()


@pytest.mark.slow
def test_the_menu_leads_to_neighbours_and_closes(page, article, branch, thread):
    sibling = factories.comment(article, text="横から。", parent=branch[0])
    second = factories.comment(article, text="別の話題。")
    shown = thread(page).open()
    for item, expected in (("返信先", branch[0]), ("次の返信", sibling), ("次の話題", second)):
        menu_of(shown, branch[1]).get_by_role("link", name=item).click()
        expect(page.locator(".menu__box")).to_have_count(0)
        expect(page).to_have_url(ending(f"#comment-{expected.pk}"))
    menu = menu_of(shown, branch[1])
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    menu_of(shown, branch[1]).get_by_role("link", name="このコメントのページ").click()
    expect(page).to_have_url(ending(branch[1].get_absolute_url()))


def test_the_menu_copies_the_comments_address(page, branch, thread):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shown = thread(page).open()
    copy = menu_of(shown, branch[1]).get_by_role("button")
    copy.first.click()
    expect(copy.first).to_have_text("コピーしました")
    address = page.evaluate("navigator.clipboard.readText()")
    page.goto(address)
    expect(shown.comment(branch[1])).to_be_in_viewport()


@pytest.mark.slow
def test_ids_and_words_are_hidden_for_this_reader_alone(page, visitor, article, thread):
    noisy, calm = factories.reader("noisy"), factories.reader("calm")
    first = factories.comment(article, text="うるさい一言。", reader=noisy)
    factories.comment(article, text="静かな返事。", reader=calm, parent=first)
    second = factories.scored(article, 9, text="うるさい二言目は、とても長い。" * 2, reader=noisy)
    factories.comment(article, text="引っ越せと言う人。", reader=calm)
    shown = thread(page).open()
    voices = page.locator("[data-voice]")
    expect(voices.filter(visible=True)).to_have_count(2)
    menu_of(shown, first).get_by_role("button", name="このIDを隠す").click()
    rows = page.locator(".hidden-row")
    expect(voices.filter(visible=True)).to_have_count(0)
    expect(rows).to_have_text(["＞1 隠したIDの 2件と返信 1件表示".replace("＞", ">>")])
    page.get_by_text("検索・畳む・隠す").click()
    page.get_by_label("隠す言葉").fill("引っ越せ")
    page.keyboard.press("Enter")
    expect(rows).to_have_text([">>1 隠した 3件と返信 1件表示"])
    shown.open()
    expect(rows).to_have_text([">>1 隠した 3件と返信 1件表示"])
    expect(shown.comment(second)).to_be_hidden()
    rows.get_by_role("button", name="表示").click()
    expect(number_of(shown, first)).to_be_focused()
    expect(rows).to_have_count(0)
    expect(shown.saying("静かな返事。").last).to_be_visible()
    menu_of(shown, second).get_by_role("button", name="このIDを表示する").click()
    expect(rows).to_have_text([">>4 NG語「引っ越せ」の 1件表示"])
    page.get_by_text("検索・畳む・隠す").click()
    page.get_by_role("button", name="「引っ越せ」を含むコメントを再び表示").click()
    expect(rows).to_have_count(0)
    expect(thread(visitor()).open().comment(first).locator(".comment__body")).to_be_visible()


def test_branches_fold_by_their_rail_and_all_at_once(page, branch, thread):
    shown = thread(page).open()
    rail = page.locator(".branch__list").nth(1)
    rail.scroll_into_view_if_needed()
    box = rail.bounding_box()
    page.mouse.click(box["x"] + 2, box["y"] + box["height"] - 8)
    expect(shown.comment(branch[2])).to_be_hidden()
    expect(shown.comment(branch[1])).to_be_visible()
    shown.open()
    expect(shown.comment(branch[2])).to_be_hidden()
    page.get_by_text("検索・畳む・隠す").click()
    page.get_by_role("button", name="返信をすべて開く").click()
    expect(shown.comment(branch[2])).to_be_visible()
    page.get_by_role("button", name="返信をすべて畳む").click()
    expect(shown.comment(branch[1])).to_be_hidden()


@pytest.mark.slow
def test_a_selected_text_is_quoted_and_an_unsent_reply_has_a_sign(page, branch, thread):
    shown = thread(page).open()
    shown.comment(branch[1]).locator(".comment__body p").select_text()
    page.get_by_role("button", name="引用して返信").click()
    field = page.locator("li > form textarea")
    expect(field).to_be_focused()
    expect(field).to_have_value("> わたしもです。\n")
    sign = shown.comment(branch[1]).get_by_text("書きかけ")
    expect(sign).to_have_count(0)
    shown.open()
    expect(sign).to_be_visible()
    shown.comment(branch[1]).get_by_role("link", name="返信").click()
    expect(field).to_have_value("> わたしもです。\n")
    expect(sign).to_have_count(0)
    tab = page.context.new_page()
    tab.goto(thread.address)
    expect(thread(tab).comment(branch[1])).to_be_visible()
    expect(tab.get_by_text("書きかけ")).to_have_count(0)


def test_a_named_comment_is_shown_beside_the_link(page, article, branch, thread):
    naming = factories.comment(article, text=">>1 に賛成。")
    shown = thread(page).open()
    link = shown.comment(naming).locator("a.reference")
    tip = page.get_by_role("tooltip")
    link.hover()
    expect(tip).to_contain_text(branch[0].text)
    page.keyboard.press("Escape")
    expect(tip).to_have_count(0)
    link.focus()
    expect(tip).to_contain_text(branch[0].text)
    answered = shown.comment(branch[0]).locator(".comment__answer")
    expect(answered).to_have_text(f">>{naming.number}")
    answered.focus()
    expect(tip).to_contain_text("に賛成。")


@pytest.mark.slow
def test_a_named_comment_of_another_page_is_fetched_and_found(page, article, thread):
    first = factories.comment(article, text="遠くの意見。")
    for number in range(50):
        factories.comment(article, text=f"間の意見 {number}")
    naming = factories.comment(article, text=">>1 を読んで。")
    page.goto(f"{thread.address}?page=2")
    shown = thread(page)
    link = shown.comment(naming).locator("a.reference")
    link.focus()
    expect(page.get_by_role("tooltip")).to_contain_text("遠くの意見。")
    link.click()
    expect(page).to_have_url(ending(f"{thread.address}#comment-{first.pk}"))
    expect(shown.comment(first)).to_be_in_viewport()


@pytest.mark.slow
def test_an_address_of_a_comment_leads_to_its_page(page, article, thread):
    for number in range(50):
        factories.comment(article, text=f"意見 {number}")
    last = factories.comment(article, text="最後の意見。")
    page.goto(f"{thread.address}#comment-{last.pk}")
    expect(page).to_have_url(ending(f"?page=2#comment-{last.pk}"))
    expect(thread(page).comment(last)).to_be_in_viewport()


@pytest.mark.slow
def test_an_address_of_no_comment_shows_the_article(page, article, branch, thread):
    page.goto(f"{thread.address}#comment-999999")
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("heading", level=1)).to_have_text(article.title)


def test_more_of_a_branch_opens_in_place(page, article, thread):
    made = wide(article, 237)
    shown = thread(page).open()
    expect(page.locator("article.comment")).to_have_count(200)
    page.get_by_role("link", name="続きの37件を読む").click()
    expect(page.locator("article.comment")).to_have_count(237)
    expect(number_of(shown, made[200])).to_be_focused()
    expect(page.get_by_role("link", name="続きの")).to_have_count(0)


def test_what_was_not_on_the_screen_yet_is_marked(page, article, thread):
    before = factories.comment(article, text="昨日の話。")
    shown = thread(page).open()
    shown.comment(before).scroll_into_view_if_needed()
    expect(page.locator(".comment--new")).to_have_count(0)
    page.goto("about:blank")
    after = factories.comment(article, text="今日の話。", parent=before)
    page.set_viewport_size({"width": 1280, "height": 300})
    for _visit in range(2):
        shown.open()
        expect(page.locator(".comment--new")).to_have_count(1)
        expect(shown.comment(after).get_by_text("新着")).to_have_count(1)
        expect(page.locator(".thread__legend")).to_have_text("新着1")
    page.keyboard.press("n")
    expect(number_of(shown, after)).to_be_focused()
    number = f"{factories.thread_of(article).last_number}"
    page.wait_for_function(
        "([key, number]) => localStorage.getItem(key)?.split(' ')[0] === number",
        arg=[f"seen:{article.pk}", number],
    )
    shown.open()
    expect(page.locator(".thread__legend")).to_be_hidden()
    expect(page.locator(".comment--new")).to_have_count(0)


def test_comments_that_come_meanwhile_are_offered_and_put_in_place(page, article, branch, thread):
    page.clock.install()
    shown = thread(page).open()
    shown.comment(branch[0]).get_by_role("link", name="返信").click()
    page.locator("li > form textarea").fill("書きかけ")
    answer = factories.comment(article, text="間に来た返事。", parent=branch[2])
    topic = factories.comment(article, text="間に来た話題。")
    offer = page.get_by_role("button", name="新着2件を表示")
    expect(offer).to_be_hidden()
    page.clock.run_for(31_000)
    expect(offer).to_be_visible()
    offer.click()
    expect(shown.comment(answer)).to_have_attribute("data-depth", "3")
    expect(number_of(shown, answer)).to_be_focused()
    expect(shown.comment(topic)).to_be_visible()
    expect(shown.title).to_have_text("コメント 5")
    expect(page.locator(".comment--new")).to_have_count(2)
    expect(offer).to_be_hidden()
    expect(page.locator("li > form textarea")).to_have_value("書きかけ")
    toggles = page.locator(".branch__toggle")
    expect(toggles.first).to_contain_text("3")


@pytest.mark.slow
def test_the_server_is_asked_less_and_less_often(page, branch, thread):
    page.clock.install()
    asked = []
    page.on("request", lambda request: "/news/" in request.url and asked.append(request.url))
    thread(page).open()
    for minutes, expected in ((0.6, 1), (1, 2), (2, 3), (4, 4), (5, 5), (5, 6)):
        with page.expect_response("**/news/") as answered:
            page.clock.run_for(int(minutes * 60_000))
        answered.value.finished()
        page.evaluate("new Promise(requestAnimationFrame)")
        assert len(asked) == expected


@pytest.mark.slow
def test_white_space_and_directions_stand_as_written(page, article, thread):
    art = factories.comment(article, text="　　∧＿∧\n    a   b\n" + "長" * 200)
    hebrew = factories.comment(article, text="שלום")
    shown = thread(page).open()
    body = shown.comment(art).locator(".comment__body > p")
    expect(body).to_have_css("white-space", "pre-wrap")
    assert "    a   b" in body.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(shown.comment(hebrew).locator(".comment__body > p")).to_have_css("direction", "rtl")
