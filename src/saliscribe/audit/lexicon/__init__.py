"""The words that the audit can read, as data files that a person can edit."""
