{{definition}}
{{triggers}}
{{activate}}
