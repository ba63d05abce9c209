"""What members of the staff may do with comments."""

MODERATE = "comments.moderate_comment"
