"""What a class is told, in two languages, without a toolkit."""
