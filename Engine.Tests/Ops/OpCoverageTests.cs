using System.Reflection;
using System.Reflection.Emit;

namespace Engine.Tests;

/// <summary>No operation, function, layer or loss is without a row in the tables of tests: a new one fails here, by name.</summary>
internal sealed class OpCoverageTests
{
    private static readonly Assembly s_engine = typeof(Tensor<>).Assembly;

    [Test]
    public void Every_public_operation_and_loss_is_called_by_a_row()
    {
        MethodInfo[] operations =
        [
            .. s_engine.GetExportedTypes().Where(static type => type is { IsAbstract: true, IsSealed: true, IsNested: false })
                .SelectMany(static type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
                .Where(
                    static method => IsTensor(method.ReturnType) && method.GetParameters().Any(static p => TakesTensors(p.ParameterType))
                        && !method.GetParameters().Any(static p =>
                            IsA(p.ParameterType, typeof(Tape<>)) || IsA(p.ParameterType, typeof(Func<,>))))
        ];
        HashSet<MethodBase> called = [.. OpTable<double>.All.SelectMany(static row => Calls(row.Function.Method))];
        Assert.That(
            operations.Where(method => !called.Contains(method)).Select(static method => $"{method.DeclaringType!.Name}: {method}"),
            Is.Empty);
        Assert.That(operations, Has.Length.GreaterThan(50), "operations looked at");
    }

    [Test]
    public void Every_operation_of_the_tape_is_recorded_by_a_row()
    {
        HashSet<Type> recorded = [.. RecordedOps().Select(static op => op.GetGenericTypeDefinition())];
        Type[] ops = [.. s_engine.GetTypes().Where(static type => !type.IsAbstract && Bases(type).Any(static b => IsA(b, typeof(Op<>))))];
        // its gradient is not on the tape: EmbeddingTests
        recorded.UnionWith(typeof(SparseEmbedding<>).GetNestedTypes(BindingFlags.NonPublic));
        Assert.That(ops.Where(type => !recorded.Contains(type)), Is.Empty);
        Assert.That(ops, Has.Length.GreaterThan(15), "operations looked at");
    }

    [Test]
    public void Every_function_is_recorded_by_a_row()
    {
        HashSet<Type> recorded = [.. RecordedOps().SelectMany(static op => op.GetGenericArguments())];
        Type[] functions =
        [
            .. s_engine.GetTypes().Where(static type => type is { IsValueType: true, IsGenericTypeDefinition: false }
                && (typeof(IUnaryFunction).IsAssignableFrom(type) || typeof(IBinaryFunction).IsAssignableFrom(type)))
        ];
        Assert.That(functions.Where(type => !recorded.Contains(type)), Is.Empty);
        Assert.That(functions, Has.Length.GreaterThan(10), "functions looked at");
    }

    [Test]
    public void Every_layer_has_a_row()
    {
        HashSet<Type> tested = [
            .. LayerTable.All.Values.SelectMany(
                static row =>
                    Bases(row.Create().GetType()).Where(static type => type.IsGenericType).Select(
                        static type => type.GetGenericTypeDefinition()))];
        Type[] layers = [
            .. s_engine.GetTypes().Where(static type => !type.IsAbstract && Bases(type).Any(static b => IsA(b, typeof(Module<>))))];
        tested.UnionWith([typeof(Embedding<>), typeof(SparseEmbedding<>)]); // their input is indices: EmbeddingTests
        Assert.That(layers.Where(type => !tested.Contains(type)), Is.Empty);
        Assert.That(layers, Has.Length.GreaterThan(7), "layers looked at");
    }

    /// <summary>A gate that sees nothing would let everything pass.</summary>
    [Test]
    public void Calls_are_seen()
    {
        Func<Tensor<double>, Tensor<double>> function = static x => (x + x).Sum([0]).Exp();
        Assert.That(Calls(function.Method).Select(static method => method.Name), Is.SupersetOf((string[])["op_Addition", "Sum", "Exp"]));
        Assert.That(Calls(function.Method).Select(static method => method.Name), Does.Not.Contain("Log"));
    }

    private static IEnumerable<Type> RecordedOps()
    {
        Tape<double> tape = new();
        HashSet<Type> types = [];
        foreach (OpCase<double> row in OpTable<double>.All)
        {
            Parameter<double>[] inputs = row.Parameters(row.Shapes[0]);
            using (tape.Record())
            {
                _ = row.Function(new([.. inputs.Select(static p => p.Value)], inputs));
            }
            foreach (Node<double> node in tape.Nodes)
            {
                types.Add(node.Op.GetType());
            }
        }
        return types;
    }

    /// <summary>The methods that a method's code calls, read off its instructions.</summary>
    private static IEnumerable<MethodBase> Calls(MethodInfo method)
    {
        byte[] code = method.GetMethodBody()!.GetILAsByteArray()!;
        for (int i = 0; i < code.Length;)
        {
            OpCode instruction = code[i] == 0xFE ? s_instructions[0xFE00 | code[i + 1]] : s_instructions[code[i]];
            i += instruction.Size;
            if (instruction.OperandType == OperandType.InlineMethod)
            {
                MethodBase called = method.Module.ResolveMethod(
                    BitConverter.ToInt32(code, i), method.DeclaringType!.GetGenericArguments(), method.GetGenericArguments())!;
                yield return called is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericMethodDefinition() : called;
            }
            i += instruction.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, i),
                _ => 4,
            };
        }
    }

    private static readonly Dictionary<int, OpCode> s_instructions = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (OpCode)field.GetValue(null)!).ToDictionary(static instruction => (int)(ushort)instruction.Value);

    private static IEnumerable<Type> Bases(Type type)
    {
        for (Type? t = type; t is not null; t = t.BaseType)
        {
            yield return t;
        }
    }

    private static bool IsA(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;

    private static bool IsTensor(Type type) => IsA(type, typeof(Tensor<>));

    private static bool TakesTensors(Type type)
    {
        Type element = type.IsByRef ? type.GetElementType()! : type;
        return IsTensor(element) || IsA(element, typeof(Parameter<>))
            || (element.IsGenericType && element.GetGenericArguments().Any(TakesTensors));
    }
}
