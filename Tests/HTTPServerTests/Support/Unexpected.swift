/// An error that no code expects.
struct Unexpected: Error {}
