import Workspaces

extension Challenges {
    /// The test recipient that a contact is for a live key; nil for everybody else.
    func testRecipient(_ contact: Contact, of caller: PasscodeCaller) async throws(PasscodeError) -> TestRecipient? {
        try await testRecipients.active(contact, workspace: caller.workspace.id)
    }
}

extension PasscodeCaller {
    /// The same at a test recipient.
    var tryingFixedCodes: PasscodeCaller {
        var caller = self
        caller.mode = .test
        caller.triesFixedCodes = true
        return caller
    }
}

extension TestRecipient {
    /// Seconds: no code outlives its recipient.
    func lifetime(_ settings: WorkspaceSettings, now: Int64) -> Int {
        min(settings.codeLifetimeSeconds, max(1, Int((expiresAt - now) / 1000)))
    }
}
