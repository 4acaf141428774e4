using System.Reflection;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Architecture;

/// <summary>A length that nobody checks is how TLS stacks die: whoever opens a reader comes to its end.</summary>
public sealed class ParsersTests
{
    private static readonly Type[] s_readers = [typeof(TlsReader), typeof(MemoryReader)];

    // Its body is one field of one length, which it compares whole.
    private static readonly Type[] s_ofOneLength = [typeof(Finished)];

    [Fact]
    public void Every_reader_that_is_opened_is_read_to_its_end() => Violations.None(
        from method in Room.Types.Except(s_readers).SelectMany(TypeReferences.Methods)
        let opened = TypeReferences.Instructions(method).Count(IsOpening)
        where opened > EndsIn(method)
        select $"{method.DeclaringType!.FullName}.{method.Name} opens {opened} and ends {EndsIn(method)}: ExpectEnd, or a loop on IsEmpty");

    [Fact]
    public void Every_message_insists_on_its_end() => Violations.None(
        from type in Room.Types
        where type.Namespace == typeof(ClientHello).Namespace && !s_ofOneLength.Contains(type)
        from method in TypeReferences.Methods(type)
        where method is { Name: "Parse", IsAbstract: false } && !TypeReferences.Instructions(method).Any(member => Is(member, nameof(TlsReader.ExpectEnd)))
        select $"{type.Name}.Parse never calls ExpectEnd");

    // A reader that is kept in a field is opened by the constructor and ended by another method.
    private static int EndsIn(MethodBase method) =>
        (method.IsConstructor ? TypeReferences.Methods(method.DeclaringType!) : [method]).SelectMany(TypeReferences.Instructions).Count(IsEnding);

    private static bool IsOpening(MemberInfo member) => member is ConstructorInfo { DeclaringType: { } type } && s_readers.Contains(type);

    private static bool IsEnding(MemberInfo member) =>
        Is(member, nameof(TlsReader.ExpectEnd)) || Is(member, "get_" + nameof(TlsReader.IsEmpty));

    private static bool Is(MemberInfo member, string name) => member is MethodInfo { DeclaringType: { } type } && member.Name == name && s_readers.Contains(type);
}
