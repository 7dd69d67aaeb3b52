import AuditLog
import Encodings
import HTTPServer
import JOSE
import Passcodes
import TransparencyLog
import Workspaces

extension AuditLogRoutes {
    private struct KeyAnswer: Encodable {
        var vkey: String
        var origin: String
    }

    /// `GET /v1/log/key`
    @Sendable func showKey(_ request: Request, _ workspace: String) async throws -> Response {
        let log = try await rooms.auditLog.reader.log(of: workspace)
        let key = try VerifierKey(parsing: log.verifierKey)
        return try Response.json(KeyAnswer(vkey: log.verifierKey, origin: "\(key.name)"))
    }

    private struct Proof: Encodable {
        var sequence: Int64
        var index: UInt64
        var entry: String
        /// From the leaf up, base64.
        var hashes: [String]
        /// The signed note that the proof leads to.
        var checkpoint: String
    }

    /// `GET /v1/log/proof?sequence=N`: that the log has an entry.
    @Sendable func prove(_ request: Request, _ workspace: String) async throws -> Response {
        guard let sequence = try StrictQuery(request, "sequence").number("sequence", 1...Int64.max) else {
            throw Problem.invalidParameter("sequence", "is missing.")
        }
        let reader = rooms.auditLog.reader
        let log = try await reader.log(of: workspace)
        let index = UInt64(sequence) - 1
        guard index < log.head.size else { throw LogReadingError(.notFound) }
        let entry = try await reader.entry(sequence, of: workspace)
        let proof = try await reader.inclusionProof(of: index, in: log.head.size, of: workspace)
        return try Response.json(
            Proof(
                sequence: sequence, index: index, entry: String(decoding: entry.canonicalText, as: UTF8.self),
                hashes: proof.hashes.map { "\($0)" }, checkpoint: log.checkpoint))
    }

    private struct StateAnswer: Encodable {
        /// `fine`, `waiting`, or why the log is not signed any more.
        var state: String
        var size: UInt64
        /// The index of the first entry that is kept.
        var minimum: UInt64
        /// The rule, or `damaged`.
        var retention: String
        var legalHold: Bool
        /// When the next entries may be pruned; absent where that is not to be.
        var nextPruning: String?

        enum CodingKeys: String, CodingKey {
            case state, size, minimum, retention
            case legalHold = "legal_hold"
            case nextPruning = "next_pruning"
        }
    }

    /// `GET /v1/log/state`
    @Sendable func showState(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let workspace = identity.workspace.id
        let state = await rooms.auditLog.states()[workspace] ?? .waiting
        let reader = rooms.auditLog.reader
        let (log, kept) = (try? await reader.log(of: workspace), try await retention(of: workspace))
        return try Response.json(
            StateAnswer(
                state: state.word, size: log?.head.size ?? 0, minimum: log?.minimum ?? 0,
                retention: kept?.terms.rule.text ?? "damaged", legalHold: kept?.terms.isHeld ?? false,
                nextPruning: kept?.nextPruning.map(WireTime.text)))
    }

    /// Nil where what is stored of it is damaged: nothing is pruned then, and the state is to say so.
    private func retention(of workspace: String) async throws(LogReadingError) -> RetentionState? {
        do { return try await rooms.auditLog.reader.retention(of: workspace) } catch {
            guard error.code == .damaged else { throw error }
            return nil
        }
    }

    private struct ErasureWish: Decodable {
        var contact: String
    }

    private struct ErasureAnswer: Encodable {
        var erased: Bool
    }

    /// `POST /v1/log/erasures`: makes unreadable what the log knows of a contact's person, also as a user and an approver.
    @Sendable func erase(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let wish = try request.decode(ErasureWish.self)
        let workspace = identity.workspace.id
        let erased = try await rooms.auditLog.erasure.erase(
            identities(of: Contact(wish.contact), workspace: workspace), workspace: workspace, origin: identity.origin)
        return try Response.json(ErasureAnswer(erased: erased))
    }

    /// All that the log knows a contact's person as. Throws `PasscodeError`, `PermissionError`.
    private func identities(of contact: Contact, workspace: String) async throws -> Set<AuditPerson> {
        var principals = try await rooms.users.principals(of: contact, workspace: workspace)
        if case .email(let address) = contact {
            principals += try await rooms.permissions.approvers.principals(of: address, workspace: workspace)
        }
        return try Set(principals.map(AuditPerson.init)).union([person(contact, workspace: workspace)])
    }
}

extension LogState {
    var word: String {
        switch self {
        case .fine: "fine"
        case .waiting: "waiting"
        case .refused(let fault): fault.rawValue
        }
    }
}
