import EnclaveLink
import Passcodes
import Workspaces

/// The parameters of `INIT_OTP_V3`.
struct InitParameters {
    let contact: Contact
    let channel: Channel
    let application: ApplicationName
    let format: CodeFormat?
    /// Seconds.
    let lifetime: Int?
    let userIdentifier: String?
    let customization: MessageCustomization?

    init(_ fields: WireObject, of workspace: Workspace) throws {
        channel = try fields.channel("otpType")
        contact = try fields.contact("contact")
        guard let application = ApplicationName(try fields.text("appName")) else {
            throw TurnkeyError.invalid(fields.name("appName"), "must have 1 to 64 visible characters")
        }
        self.application = application
        format = try Self.format(fields, workspace.settings)
        lifetime = try fields.number("expirationSeconds", 1...600)
        userIdentifier = try fields.optionalText("userIdentifier", lengths: 1...256)
        customization = try MessageCustomization(fields, channel: channel, settings: workspace.settings)
    }

    private static func format(_ fields: WireObject, _ settings: WorkspaceSettings) throws(TurnkeyError) -> CodeFormat?
    {
        let length = try fields.number("otpLength", CodeFormat.lengths)
        let isAlphanumeric = try fields.flag("alphanumeric")
        guard length != nil || isAlphanumeric != nil else { return nil }
        let alphabet = isAlphanumeric.map { $0 ? CodeAlphabet.base32 : .digits }
        return CodeFormat(
            alphabet: alphabet ?? settings.sealedCodeAlphabet, length: length ?? settings.sealedCodeLength)
    }
}

extension WireObject {
    func channel(_ member: String) throws(TurnkeyError) -> Channel {
        switch try text(member) {
        case "OTP_TYPE_EMAIL": .email
        case "OTP_TYPE_SMS": .sms
        case "OTP_TYPE_WHATSAPP": .whatsapp
        default: throw .invalid(name(member), "must be OTP_TYPE_EMAIL, OTP_TYPE_SMS or OTP_TYPE_WHATSAPP")
        }
    }
}
