"""What a person starts: servers, clients, queries."""
