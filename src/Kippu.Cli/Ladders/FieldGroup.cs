namespace Kippu.Cli.Ladders;

/// <summary>Fields of one structure on the wire, under its name.</summary>
/// <param name="Title">Which structure, in which message.</param>
/// <param name="Fields">Names as in the RFCs; a name that begins with spaces is part of the field before it.</param>
internal sealed record FieldGroup(string Title, IReadOnlyList<Field> Fields);
