"""Who may talk to the server, and how much: certificates, clients' tokens, quotas."""
