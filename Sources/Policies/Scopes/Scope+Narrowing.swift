/// What is left of a scope under a limit.
public enum ScopeNarrowing: Sendable, Equatable {
    /// Never more than either. `unlisted` are the names of the scope that are no constraint and that the limit does not
    /// list, in their order.
    case scope(Scope, unlisted: [String])
    /// Nothing: what one allows under this name, the other does not.
    case nothing(name: String)
}
