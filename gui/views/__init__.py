"""What a traffic pane can show."""
