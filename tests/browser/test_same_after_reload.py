"""What an action leaves on the page is what the server shows after a reload."""

import pytest
from playwright.sync_api import expect

from comments.models import Comment
from tests import factories

pytestmark = pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])

FORM = "li > form.form"

# What readers see of a thread: each comment with its place, marks and buttons, and the counts. New
# is what was not on the screen before.
READ_THREAD = """async () => {
  await new Promise((done) => setTimeout(done, 100));
  const open = [...document.querySelectorAll("details.branch")].map((each) => each.open);
  const copy = document.querySelector("#comments").cloneNode(true);
  const ofScreen = "[data-legend], .thumb__news, [data-topic]";
  const apart = `form, template, [role=status], .comment__new, ${ofScreen}`;
  for (const gone of copy.querySelectorAll(apart)) gone.remove();
  for (const fresh of copy.querySelectorAll(".comment--new"))
    fresh.classList.remove("comment--new");
  const seen = [...copy.querySelectorAll("*")].map((each) => [
    each.tagName, [...each.classList].sort().join(" "), each.id, each.dataset.level ?? "",
    each.ariaPressed ?? "", each.ariaLabel ?? "", each.hidden, each.disabled ?? "",
    each.parentElement?.id || each.parentElement?.className,
  ].join("|"));
  const totals = [...document.querySelectorAll("[data-total-count]")];
  const counts = totals.map((each) => each.textContent);
  return { seen, counts, text: copy.textContent.replace(/\\s+/g, ""), open };
}"""


def expect_same_after_reload(page, thread):
    """Compare what stands after an action with what stands after a reload."""
    after = page.evaluate(READ_THREAD)
    page.goto("about:blank")
    with page.expect_response("**/mine/*"):
        page.goto(thread.address)
    assert page.evaluate(READ_THREAD) == after


def reply(shown, comment, text):
    shown.comment(comment).get_by_role("link", name="返信").click()
    field = shown.page.locator(FORM).get_by_role("textbox", name="コメント")
    field.fill(text)
    with shown.page.expect_response("**/mine/*"):
        shown.page.locator(FORM).get_by_role("button", name="投稿する").click()


def test_a_first_post_and_answers_stand_as_after_a_reload(page, article, thread):
    shown = thread(page).open()
    form = page.locator("#write form")
    form.get_by_role("textbox", name="コメント").fill("最初の話。")
    form.get_by_role("button", name="投稿する").click()
    expect(shown.saying("最初の話。").locator(".comment__mine")).to_be_visible()
    first = Comment.objects.get()
    factories.comment(article, text=">>1 どの灯台ですか。")
    reply(shown, first, ">>2 岬のです。")
    expect(shown.saying("岬のです。")).to_be_visible()
    expect(shown.saying("どの灯台").get_by_text("あなたへの返信")).to_be_visible()
    expect(page.locator(".comment--new")).to_have_count(1)
    expect_same_after_reload(page, thread)


@pytest.mark.slow
def test_an_answer_in_the_middle_takes_no_branch_over(page, branch, thread):
    text = "灯台の光が好きで、夜になると港まで歩いて見に行きます。"
    Comment.objects.filter(pk=branch[0].pk).update(text=text, score=9)
    shown = thread(page).open()
    expect(page.locator(".best__more")).to_contain_text("2")
    page.locator(".branch__toggle").nth(1).click()
    reply(shown, branch[0], "横から失礼。")
    expect(shown.saying("横から失礼。")).to_have_attribute("data-depth", "1")
    expect(shown.comment(branch[2])).to_be_hidden()
    expect(page.locator(".branch__toggle").first).to_contain_text("3")
    expect_same_after_reload(page, thread)


def test_a_vote_and_a_held_answer_stand_as_after_a_reload(page, branch, thread):
    shown = thread(page).open()
    shown.comment(branch[0]).get_by_role("button", name="投票").click()
    expect(shown.comment(branch[0]).locator(".comment__score")).to_have_text("1")
    reply(shown, branch[0], "https://a.example https://b.example https://c.example")
    expect(page.get_by_role("link", name="確認待ち1")).to_be_visible()
    expect_same_after_reload(page, thread)


@pytest.mark.slow
def test_an_edit_and_a_deletion_lead_back_to_the_thread(page, branch, thread):
    shown = thread(page).open()
    reply(shown, branch[2], "間違えた。")
    written = shown.saying("間違えた。")
    written.get_by_role("link", name="その他").click()
    written.get_by_role("link", name="編集").click()
    page.get_by_role("textbox", name="コメント").fill("直した。")
    page.get_by_role("button", name="保存").click()
    written = shown.saying("直した。")
    expect(written.locator(".comment__edited")).to_be_visible()
    assert page.url.endswith(f"{thread.address}#comment-{Comment.objects.last().pk}")
    written.get_by_role("link", name="その他").click()
    written.get_by_role("link", name="削除する").click()
    page.get_by_role("button", name="削除する").click()
    expect(shown.title).to_have_text("コメント 3")
    expect(shown.saying("直した。")).to_have_count(0)
