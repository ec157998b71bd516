"""make_values.py MANIFEST: adds to a manifest values of environment variables that a careless writer of YAML would spoil."""
import json
import sys

VALUES = {
    "yes": "yes", "NO": "no", "on": "On", "null": "null", "NUMBER": "0123", "OCTAL": "0o17", "FLOAT": "1e3", "SEXAGESIMAL": "12:34:56",
    "DATE": "2026-11-23", "TILDE": "~", "EMPTY": "", "BLANKS": "  a  ", "QUOTES": "a\"b'c\\d", "LINES": "a\nb\n\n c\n",
    "TAB": "\ta", "RETURN": "a\r\nb", "COLON": "a: b", "HASH": "a # b", "PERCENT": "%YAML 1.2", "DASH": "- a", "TAG": "!Ref x",
    "ANCHOR": "&a *a", "BRACES": "{a: [b]}", "DOLLAR": "a $b ${c}", "CONTROL": "\u0001\u001b\u007f\u0085\u009f",
    "BREAKS": "a\u2028b\u2029c\ufeffd", "UNICODE": "\u00e9\u20ac\U0001f600\ufffe", "LONG": "x " * 200,
    "SUB": "${AWS::Region}", "SUBS": "a ${AWS::Region}${AWS::AccountId} ${!AWS::Region} ${ $${AWS::Region}\"}${", "RESOURCE": "${ABFunction.Arn} ${AWS::StackName}",
}

path = sys.argv[1]
with open(path) as file:
    manifest = json.load(file)
manifest["functions"]["a-b"]["environment"] = VALUES
with open(path, "w") as file:
    json.dump(manifest, file)
