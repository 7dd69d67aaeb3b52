import Storage

/// The key of what is remembered of all workspaces together.
enum AllWorkspaces: Hashable, Sendable { case all }

extension WorkspaceDirectory {
    /// The workspace whose auth proxy has this configuration identifier. Throws `notFound`, also where it is off.
    public func workspace(authProxyConfiguration: String) async throws(WorkspaceError) -> Workspace {
        guard let id = WorkspaceUUID.authProxyConfiguration.workspace(authProxyConfiguration) else {
            throw Self.noConfiguration
        }
        let workspace = try await visitedWorkspace(id)
        guard workspace.settings.authProxy else { throw Self.noConfiguration }
        return workspace
    }

    /// Whether any workspace lets pages of this origin in: all that a preflight can be told, since it does not say which
    /// workspace it is for.
    public func someWorkspaceAllows(origin: String) async throws(WorkspaceError) -> Bool {
        try await origins.value(for: .all, read: readOrigins).contains(origin)
    }

    /// Reads the origins once, so that `someWorkspaceAllowedLately` knows them from the start.
    public func learnOrigins() async throws(WorkspaceError) { _ = try await readOrigins() }

    /// Whether some workspace allowed this origin when the origins were last read, as with each first preflight after a
    /// change. At once, and so perhaps out of date: for answers with nothing in them that anybody must not read.
    public func someWorkspaceAllowedLately(origin: String) -> Bool {
        lastOrigins.find(.all).value?.contains(origin) ?? false
    }

    private func visitedWorkspace(_ id: String) async throws(WorkspaceError) -> Workspace {
        do throws(WorkspaceError) {
            return try await visited.value(for: id) { () async throws(WorkspaceError) in try await workspace(id) }
        } catch  where error.code == .notFound {
            throw Self.noConfiguration
        }
    }

    private func readOrigins() async throws(WorkspaceError) -> Set<String> {
        let open = try await all().filter(\.settings.authProxy)
        let read = Set(open.flatMap(\.settings.allowedOrigins))
        lastOrigins.remember(read, for: .all, generation: 0)
        return read
    }

    /// One answer for a name that was made up and for a proxy that is off.
    private static var noConfiguration: WorkspaceError { .notFound("auth proxy configuration") }
}
