"""Values ↔ messages of the contract; beside the servicer the only modules that know both."""
