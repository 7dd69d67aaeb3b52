extension Wording {
    static let english = Wording(
        minutes: MinutePhrase(one: "# minute", many: "# minutes"),
        short: [
            "{{code}} is your {{app}} code, valid for {{validity}}. Never share it. Not requested? Ignore it.",
            "{{code}} is your {{app}} code, valid for {{validity}}. Never share it.",
            "{{code}} is your {{app}} code.",
        ],
        voice: "Hello. Your {{app}} code is: {{code}}.",
        voiceAgain: "Once more, your code is: {{code}}. Never share it with anyone. Goodbye.",
        mail: MailWording(
            subject: "Your {{app}} code", subjectWithCode: "{{code}} is your {{app}} code",
            heading: "Your {{app}} code:", link: "Or open this link",
            advice: [
                "It is valid for {{validity}}. Never share it with anyone.",
                "If you did not ask for this code, you can ignore this message.",
            ]))
}
