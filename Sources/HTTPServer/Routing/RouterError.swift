import NIOHTTP1

/// Why a route was not registered.
public enum RouterError: Error, Equatable {
    /// A pattern begins with `/`, has no empty part but at its end, and names no parameter twice or emptily.
    case invalidPattern(String)
    /// The method already has a route with this pattern, or with one that differs in parameter names only.
    case duplicate(HTTPMethod, String)
}
