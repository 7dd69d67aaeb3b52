import EnclaveLink
import HTTPServer
import Messages
import Passcodes
import Workspaces

extension OperatorRoutes {
    func registerTemplates(in router: inout Router) throws {
        try on(.GET, "/v1/templates", in: &router, listTemplates)
        try on(.PUT, "/v1/templates/:channel/:name", in: &router, saveTemplate)
        try on(.GET, "/v1/templates/:channel/:name", in: &router, showTemplate)
        try on(.DELETE, "/v1/templates/:channel/:name", in: &router, deleteTemplate)
        try on(.POST, "/v1/templates/preview", in: &router, previewTemplate)
    }

    private struct TemplateBody: PlainBody {
        static let fields = ["text", "subject"]

        var text: String
        var subject: String?

        init?(plain values: [String?]) {
            guard let text = values[0] else { return nil }
            self.text = text
            subject = values[1]
        }
    }

    /// `GET /v1/templates`
    @Sendable private func listTemplates(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let templates = try await rooms.challenges.templates.list(workspace: identity.workspace.id)
        return try Response.json(TemplateListing(templates: templates.map(TemplateDescription.init)))
    }

    /// `GET /v1/templates/:channel/:name?locale=…`
    @Sendable private func showTemplate(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        try Response.json(
            TemplateDescription(
                try await rooms.challenges.templates.template(
                    Self.templateName(request), workspace: identity.workspace.id)))
    }

    /// `PUT /v1/templates/:channel/:name?locale=…`
    @Sendable private func saveTemplate(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let body = try request.read(TemplateBody.self)
        let saved = try await rooms.challenges.templates.save(
            Self.templateName(request), subject: body.subject, text: body.text, workspace: identity.workspace.id,
            origin: identity.origin)
        return try Response.json(TemplateDescription(saved))
    }

    /// `DELETE /v1/templates/:channel/:name?locale=…`
    @Sendable private func deleteTemplate(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        try await rooms.challenges.templates.delete(
            Self.templateName(request), workspace: identity.workspace.id, origin: identity.origin)
        return Response(status: .noContent)
    }

    /// `POST /v1/templates/preview`: a message with a sample code. Nothing is sent, nothing is saved.
    @Sendable private func previewTemplate(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let body = try request.read(TemplatePreviewWish.self, fields: TemplatePreviewWish.fields)
        let channel = try Self.channel(body.channel)
        let locale = try body.locale.map(Self.locale)
        let language = MessageLanguage(locale: locale, region: body.country)
        let name = body.name ?? TemplateName.usual
        guard let templateName = TemplateName(channel: channel, name: name, locale: locale) else {
            throw Self.malformedName
        }
        let unsaved = body.text.map {
            StoredTemplate(name: templateName, subject: body.subject, text: $0, updatedAt: 0)
        }
        let stored = try await rooms.challenges.templates.choose(
            name: body.name, on: channel, in: language, workspace: identity.workspace.id)
        let members = (body.binding ?? [:]).sorted { $0.key < $1.key }
            .map { BindingMember(name: $0.key, value: $0.value) }
        let preview = try TemplatePreview(
            of: unsaved ?? stored, on: channel, in: language,
            application: body.app ?? ApplicationName(of: identity.workspace).text,
            settings: identity.workspace.settings, binding: members)
        return try Response.json(TemplatePreviewDescription(preview))
    }

    private static func templateName(_ request: Request) throws -> TemplateName {
        let query = try StrictQuery(request, "locale")
        let locale = try query.text("locale").map(locale)
        let channel = try channel(request.parameter("channel"))
        guard let name = TemplateName(channel: channel, name: request.parameter("name"), locale: locale) else {
            throw malformedName
        }
        return name
    }

    private static func channel(_ name: String) throws(Problem) -> Channel {
        guard let channel = Channel(rawValue: name) else {
            throw .invalidField("channel", "is sms, whatsapp, voice or email.")
        }
        return channel
    }

    private static func locale(_ text: String) throws(Problem) -> LanguageTag {
        guard let tag = LanguageTag(text) else {
            throw .invalidField("locale", "is a language tag such as de or pt-BR.")
        }
        return tag
    }

    private static let malformedName = Problem.invalidField(
        "name", "has 1 to 64 letters, digits, dots, hyphens and underscores.")
}
