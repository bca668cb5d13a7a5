"""The demo: made-up people, shops and conversations, so that every page has something to show."""
