extension Wording {
    static let dutch = Wording(
        minutes: MinutePhrase(one: "# minuut", many: "# minuten"),
        short: [
            "{{code}} is uw code voor {{app}}, {{validity}} geldig. Deel hem nooit. Niet aangevraagd? Negeer hem.",
            "{{code}} is uw code voor {{app}}, {{validity}} geldig. Deel hem nooit.",
            "{{code}} is uw code voor {{app}}.",
        ],
        voice: "Hallo. Uw code voor {{app}} is: {{code}}.",
        voiceAgain: "Nog een keer, uw code is: {{code}}. Deel hem met niemand. Tot ziens.",
        mail: MailWording(
            subject: "Uw code voor {{app}}", subjectWithCode: "{{code}} is uw code voor {{app}}",
            heading: "Uw code voor {{app}}:", link: "Of open deze link",
            advice: [
                "Hij is {{validity}} geldig. Deel hem met niemand.",
                "Als u deze code niet hebt aangevraagd, kunt u dit bericht negeren.",
            ]))
}
