# __name__

__Title__ of the school.

- **can**: keep the list (`__TOKEN__.active()` gives it to other modules), show it, export it, print it, offer it over the API.
- **words**: *in use* is offered where something is chosen; what is not in use stays in the history.
