"""What the tabs are about, without a toolkit: events in, state out, intents to the network."""
