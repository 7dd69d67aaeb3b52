extension WorkspaceDirectory {
    /// The workspace whose auth proxy has this configuration identifier. Throws `notFound`, also where it is off.
    public func workspace(authProxyConfiguration: String) async throws(WorkspaceError) -> Workspace {
        throw .unavailable("not built yet")
    }

    /// Whether any workspace lets pages of this origin in: all that a preflight can be told, since it does not say which
    /// workspace it is for.
    public func someWorkspaceAllows(origin: String) async throws(WorkspaceError) -> Bool {
        throw .unavailable("not built yet")
    }
}
