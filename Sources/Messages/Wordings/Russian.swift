extension Wording {
    static let russian = Wording(
        minutes: MinutePhrase(one: "# минуту", few: "# минуты", many: "# минут"),
        short: [
            "{{code}} – код {{app}} на {{validity}}. Никому его не сообщайте.",
            "{{code}} – код {{app}}. Никому не сообщайте.",
            "{{code}} – код {{app}}",
        ],
        voice: "Здравствуйте. Ваш код {{app}}: {{code}}.",
        voiceAgain: "Повторяю, ваш код: {{code}}. Никому его не сообщайте. До свидания.",
        mail: MailWording(
            subject: "Ваш код {{app}}", subjectWithCode: "{{code}} – ваш код {{app}}",
            heading: "Ваш код {{app}}:", link: "Или откройте эту ссылку",
            advice: [
                "Он действует {{validity}}. Никому его не сообщайте.",
                "Если вы не запрашивали код, просто не отвечайте на это сообщение.",
            ]))
}
