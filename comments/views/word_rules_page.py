"""The moderators' pages of the word rules: list, one rule with its dry run, rules as text."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles.web.paging import paginate
from comments.models import WordRule
from comments.models.rule_change import mark_deleted, save_lines, save_rule, switch_off
from comments.refusals import Changed
from comments.rule_forms import RuleTextForm, WordRuleForm
from comments.rule_matcher import compile_rules
from comments.rule_trials import MOST_READ, try_rules
from comments.views.moderation import moderators_only
from comments.views.responses import answer_refusals, mark_personal, render_page, see_other
from comments.word_rules.rule_text import write_rules

PAGE_SIZE = 50
GET_OR_POST = ["GET", "HEAD", "POST"]


@moderators_only
@require_safe
def list_rules(request):
    """List the rules with what became of their comments."""
    sought = request.GET.get("q", "").strip()[:100]
    rules = WordRule.objects.listed().with_outcomes().order_by("-is_on", "text", "pk")
    if sought:
        rules = rules.filter(text__icontains=sought.strip("/"))
    context = {"page": paginate(request, rules, size=PAGE_SIZE, filters=sought), "sought": sought}
    return render_page(request, "comments/words.html", context)


@moderators_only
@require_http_methods(GET_OR_POST)
@answer_refusals("comments/word_rule.html")
def add_rule(request, shown):
    return _change(request, shown, WordRule(created_by=request.user, is_on=False))


@moderators_only
@require_http_methods(GET_OR_POST)
@answer_refusals("comments/word_rule.html")
def change_rule(request, shown, pk):
    rules = WordRule.objects.listed().with_outcomes()
    return _change(request, shown, get_object_or_404(rules, pk=pk))


def _change(request, shown, rule):
    """Show a rule, its hits before it is switched on, and save it."""
    form = WordRuleForm(request.POST if request.method == "POST" else None, rule=rule)
    shown.update(form=form, rule=rule, trial=None, seen=request.POST.get("seen", ""))
    if request.method != "POST":
        shown["seen"] = rule.stamp
        return render_page(request, "comments/word_rule.html", shown)
    if not form.is_valid():
        return render_page(request, "comments/word_rule.html", shown, status=422)
    step = request.POST.get("step")
    if step == "off" or (step == "on" and form.is_tried):
        rule.is_on = step == "on"
        _save(request, shown, rule)
        return see_other(reverse("comments:words"))
    shown["trial"] = try_rules(form.matcher, most=MOST_READ)
    return render_page(request, "comments/word_rule.html", shown)


def _save(request, shown, rule):
    """Save a rule; if it has changed, the form comes back with what is stored now as seen."""
    try:
        save_rule(rule, seen=shown["seen"], by=request.user)
    except Changed:
        if rule.pk:
            rule.refresh_from_db(fields=WordRule.CHANGING)
        shown["seen"] = rule.stamp
        raise


@moderators_only
@require_POST
def switch_rule_off(request, pk):
    switch_off(get_object_or_404(WordRule.objects.listed(), pk=pk), by=request.user)
    return see_other(reverse("comments:words"))


@moderators_only
@require_POST
@answer_refusals()
def delete_rule(request, shown, pk):
    """Delete a rule that is off. Its comments stay as they are."""
    mark_deleted(get_object_or_404(WordRule.objects.listed(), pk=pk), by=request.user)
    return see_other(reverse("comments:words"))


@moderators_only
@require_safe
def export_rules(request):
    """Send all rules as a text file."""
    text = write_rules(rule.as_line() for rule in WordRule.objects.listed())
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="word-rules.txt"'
    return mark_personal(response)


@moderators_only
@require_http_methods(GET_OR_POST)
def import_rules(request):
    """Show what the rules of a text would have found; save them once that was seen."""
    form = RuleTextForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "trial": None}
    if request.method != "POST":
        return render_page(request, "comments/words_text.html", context)
    if not form.is_valid():
        return render_page(request, "comments/words_text.html", context, status=422)
    if request.POST.get("step") == "save" and form.is_tried:
        save_lines(form.lines, by=request.user)
        return see_other(reverse("comments:words"))
    rules = [WordRule.from_line(line) for line in form.lines if line.is_on]
    trial = try_rules(compile_rules(rules), most=MOST_READ)
    context |= {"trial": trial, "frequent": trial.counts.most_common(20)}
    return render_page(request, "comments/words_text.html", context)
