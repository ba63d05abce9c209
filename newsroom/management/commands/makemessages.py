"""Django's command, which reads the texts of Jinja2 templates too."""

from pathlib import Path

from django.core.management.commands import makemessages

from newsroom.jinja import SUFFIX, extract_texts


class TemplateFile(makemessages.BuildFile):
    def preprocess(self):
        """Write a file from which xgettext reads the texts."""
        if not self.path.endswith(SUFFIX):
            return super().preprocess()
        calls = extract_texts(Path(self.path).read_text())
        lines = [f"{name}({', '.join(map(repr, texts))})\n" for name, texts in calls]
        return Path(self.work_path).write_text("".join(lines))


class Command(makemessages.Command):
    build_file_class = TemplateFile

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.set_defaults(extensions=["html,jinja,py,txt"])
