"""Names that only the house may use, and signs that only the site sets."""

from datetime import UTC, datetime

import pytest

from comments.checks import NAME_CHECKS, Draft, Facts, Outcome, judge_draft
from comments.checks.names import reserve_names
from comments.models import Comment
from tests import factories

HOUSE = reserve_names(("港湾新報",))
STAFF = reserve_names(
    ("ed", "suzuki.t", "Naomi", "司会", "はなこ", "林", "高橋一", "五十嵐二郎"), word_below=4
)
FACTS = Facts(now=datetime(2026, 11, 22, 12, 0, tzinfo=UTC), rules={}, reserved_names=HOUSE | STAFF)


def test_names_that_were_folded_once_are_remembered():
    names = ("港湾新報", "五十嵐二郎")
    assert reserve_names(names) is reserve_names(("港湾新報", "五十嵐二郎"))


def judge(name):
    return judge_draft(Draft(text="", name=name), FACTS, checks=NAME_CHECKS)


OF_THE_HOUSE = {
    "as a part": (
        "編集部★ 【運営】 編集部の中の人 港湾新報編集部 運営スタッフ 管理人さん 元管理人 "
        "ご本人 本人です 本人★ 投稿者本人 スタッフ一同 記者A 【公式】 xX_admin_Xx xXadminXx "
        "SiteStaff Staff1 Editor-in-Chief Admin123 administrator the_moderator"
    ),
    "width and case": (
        "ａｄｍｉｎ ADMIN ⓐⓓⓜⓘⓝ 🅰🅳🅼🅸🅽 𝓪𝓭𝓶𝓲𝓷 🇦🇩🇲🇮🇳 ádmin ADM\u0130N admın ＳＴＡＦＦ"
    ),
    "kana": (
        "モデレーター もでれーたー ﾓﾃﾞﾚｰﾀｰ モデレータ モテ゛レーター ｽﾀｯﾌ すたっふ "
        "へんしゅうぶ ﾍﾝｼｭｳﾌﾞ うんえい アドミン"
    ),
    "fillers and separators": (
        "編\u200b集部 編\u3164集部 管.理.人 運・営 a.d.m.i.n ad\u200dmin ad\u00admin "
        "ad\u034fmin \u2800admin\u2800 本\u115f人 編\ufe0f集部"
    ),
    "lookalikes of other scripts": (
        "аdmin АDМIN αdmιn ᎪDMIN ᴀᴅᴍɪɴ ꓮꓓꓟꓲꓠ ɑdmin mоderator ｍοderator Моdеrаtоr ѕtaff "
        "админ Модератор ∂dmin"
    ),
    "signs for letters": ("adm1n @dmin st@ff $taff m0derator 0wner ed1tor adrnin aclmin"),
    "lookalikes of kanji": (
        "管理入 本入 菅理人 管埋人 夲人 運營 运营 運宮 编集部 編隼部 編集郡 編輯部 管理员 "
        "モデレ一タ一 "
        "モデレ—ター ス夕ッフ 工ディター アド三ン"
    ),
    "the site": ("港湾新報 港湾新報の声 「港湾新報」"),
    "the staff": (
        "ed ED Ｅｄ 司会 司会★ 司\u3000会 はなこ ハナコ ﾊﾅｺ★ はなこさん 林 高橋一 高橋一★ "
        "suzuki.t SuzukiT naomi2 Ｎａｏｍｉ 五十嵐ニ郎"
    ),
}
OF_READERS = """
日本人 松本人志 岡本人形店 本人確認書 日本人です 非公式ファン 司会者 高橋一生 はなこび
花子 小林 林檎 森林 元記者 新聞記者 編集 部長 集部 編む人 営業マン 入門者 理人 人間 本日
二郎 三毛猫 口だけ番長 千と千尋 スター ニート モデル モデラー Fred Edison Edo Badminton
badminton部 creditor Stafford Falstaff sadness modern comrade Naomichi 名無し 匿名 岬の人
50代主婦 キラ★キラ ★★★ 通りすがり 1 22 w o クロワッサン Android Ольга Дмитрий مريم 홍길동
Νίκος
"""
SIGNS = """
◆ ◇ ❖ ♦ ♢ 🔷 🔶 🔹 🔸 ◈ ⬥ ⬦ ⬧ ⯁ ◊ ⋄ ⟐ ⧫ 💠 ⌺ ID: ＩＤ： ｉｄ： Id꞉ ΙD: lD: ɪᴅ∶ 🆔 >>12
＞＞１２ ≫12 »3 1D: １Ｄ：
"""


@pytest.mark.parametrize("kind", OF_THE_HOUSE)
def test_names_of_the_house_are_refused(kind):
    names = OF_THE_HOUSE[kind].split(" ")
    assert [name for name in [*names, "港 湾 新 報"] if judge(name).reason != "name"] == []


def test_names_of_readers_are_taken():
    names = [*OF_READERS.split(), "Ed Sheeran", "bad minton", "", "太郎#編集部", "太郎＃admin"]
    assert [name for name in names if judge(name).outcome is not Outcome.PUBLISH] == []


@pytest.mark.parametrize("sign", SIGNS.split())
def test_signs_of_the_site_are_refused(sign):
    for name in (sign, f"灯台守{sign}AAAA", f"灯台守 {sign}", f"{sign}#secret"):
        assert judge(name).reason == "name"


@pytest.mark.parametrize("name", ["I D : abc", "ID　：abc", "> > 1", "太郎_ID:x"])
def test_signs_of_the_site_are_refused_with_spaces(name):
    assert judge(name).reason == "name"


@pytest.mark.parametrize(
    "name", ["Android:x", "RAPID:x", "ID野球", "IDなし", "12:30", ">_<", ">>>", "3>2", "●▲■", "💎"]
)
def test_other_signs_are_taken(name):
    assert judge(name).outcome is Outcome.PUBLISH


def test_a_new_comment_and_its_preview_are_refused_alike(reader, article):
    for fields in ({}, {"preview": "1"}):
        for path in ("", "inline/"):
            address = f"/threads/{article.pk}/comments/{path}"
            response = reader.send(address, text="消えない文", name="編集部★", **fields)
            page = response.content.decode()
            assert response.status_code == 422 and "消えない文" in page
            assert "紛らわしい名前は使えません" in page and "form__preview" not in page
    assert not Comment.objects.exists()


def test_logins_and_names_of_the_staff_are_reserved(reader, article, settings):
    settings.SITE_NAME, settings.RESERVED_NAMES = "みなと日報", ["気象班"]
    factories.user(
        "hanako.y", is_staff=True, display_name="デスク花", first_name="花子", last_name="山本"
    )
    factories.user("guest", display_name="元社員")
    for name in (
        "hanako.y",
        "Hanako_Y",
        "デスク花★",
        "山本花子",
        "花子 山本",
        "みなと日報",
        "気象班の人",
    ):
        assert reader.write(article, f"{name}です", name=name).status_code == 422
    for name in ("山本", "花子", "元社員", "guest"):
        assert reader.write(article, f"{name}です", name=name).status_code == 303


def test_the_staff_post_under_their_own_names(moderator, article):
    moderator.user.display_name = "編集部◆"
    moderator.user.save()
    moderator.post(f"/moderation/threads/{article.pk}/write/", {"text": "お答えします"})
    assert Comment.objects.get().name == "編集部◆"


def test_no_name_breaks_the_check():
    odd = [
        "\ud7a4",
        "ー",
        "一",
        "ーー",
        "゛",
        "\u3099",
        "ヷ",
        "ㇰ",
        "ﾞ",
        "🇯🇵",
        "𠮷野",
        "#",
        "\u0300",
    ]
    for name in odd:
        judge(name)
