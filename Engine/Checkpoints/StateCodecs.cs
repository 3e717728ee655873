using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;

namespace Engine;

/// <summary>How each kind of state is written and read.</summary>
internal static class StateCodecs
{
    public static void Write<T>(CheckpointWriter writer, ModelState<T> state) where T : unmanaged, IFloatingPointIeee754<T>
    {
        writer.Add("values", state.Values);
        writer.Values["counters"] = CheckpointWriter.Numbers(state.Counters, static number => number);
    }

    public static ModelState<T> ReadModel<T>(CheckpointReader reader) where T : unmanaged, IFloatingPointIeee754<T> =>
        new(reader.Tensors<T>("values"), Counters(reader, "counters"));

    public static void Write<T>(CheckpointWriter writer, OptimizerState<T> state) where T : unmanaged, IFloatingPointIeee754<T>
    {
        writer.Values["steps"] = state.Steps;
        JsonObject parameters = [];
        foreach ((string name, ParameterState<T> parameter) in state.Parameters)
        {
            writer.Add($"state/{name}", parameter.Arrays);
            parameters[name] = new JsonObject
            {
                ["rule"] = parameter.Rule,
                ["step"] = parameter.Step,
                ["arrays"] = new JsonArray([.. parameter.Arrays.Keys.Select(static key => (JsonNode)key)]),
                ["scalars"] = CheckpointWriter.Numbers(parameter.Scalars, CheckpointWriter.Number),
            };
        }
        writer.Values["parameters"] = parameters;
        writer.Values["groups"] = new JsonArray([.. state.Groups.Select(static group => new JsonObject
        {
            ["rule"] = group.Rule,
            ["parameters"] = new JsonArray([.. group.Parameters.Select(static name => (JsonNode)name)]),
            ["hyperparameters"] = CheckpointWriter.Numbers(group.Hyperparameters, static text => text),
            ["plateaus"] = new JsonArray([.. group.Plateaus.Select(Plateau)]),
        })]);
    }

    public static OptimizerState<T> ReadOptimizer<T>(CheckpointReader reader) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Dictionary<string, ParameterState<T>> parameters = new(StringComparer.Ordinal);
        foreach ((string name, JsonNode node) in reader.Entries("parameters"))
        {
            JsonObject parameter = node as JsonObject ?? throw reader.Error($"got no object for the parameter '{name}', expected one");
            parameters.Add(name, new ParameterState<T>(
                reader.Text(reader.Node(parameter, "rule"), "rule"),
                reader.Whole(reader.Node(parameter, "step"), "step"),
                reader.Texts(parameter, "arrays").ToDictionary(
                    static key => key, key => reader.Tensor<T>($"state/{name}/{key}"), StringComparer.Ordinal),
                reader.Entries(parameter, "scalars").ToDictionary(
                    static entry => entry.Key, entry => reader.Number(entry.Value, entry.Key), StringComparer.Ordinal)));
        }
        GroupState[] groups = [.. reader.Objects("groups").Select(group => new GroupState(
            reader.Text(reader.Node(group, "rule"), "rule"),
            [.. reader.Texts(group, "parameters")],
            reader.Entries(group, "hyperparameters").ToDictionary(
                static entry => entry.Key, entry => reader.Text(entry.Value, entry.Key), StringComparer.Ordinal),
            [.. reader.Objects(group, "plateaus").Select(plateau => ReadPlateau(reader, plateau))]))];
        long steps = reader.Whole("steps");
        return steps is >= 0 and <= OptimizerState<T>.MaxCount
            ? new OptimizerState<T>(steps, parameters, groups)
            : throw reader.Error(string.Create(CultureInfo.InvariantCulture, $"got {steps} steps, expected 0 to 2⁵³"));
    }

    public static void Write<T>(CheckpointWriter writer, LookaheadState<T> state) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Write(writer, state.Inner);
        writer.Values["sync period"] = state.SyncPeriod;
        writer.Values["slow step size"] = CheckpointWriter.Number(state.SlowStepSize);
        writer.Values["steps since sync"] = state.StepsSinceSync;
        writer.Add("slow", state.SlowWeights);
    }

    public static LookaheadState<T> ReadLookahead<T>(CheckpointReader reader) where T : unmanaged, IFloatingPointIeee754<T> =>
        new(
            ReadOptimizer<T>(reader),
            Int(reader, "sync period"),
            reader.Number("slow step size"),
            Int(reader, "steps since sync"),
            reader.Tensors<T>("slow"));

    public static void Write<T>(CheckpointWriter writer, LbfgsState<T> state) where T : unmanaged, IFloatingPointIeee754<T>
    {
        writer.Values["iterations"] = state.Iterations;
        writer.Values["evaluations"] = state.Evaluations;
        writer.Values["step length"] = CheckpointWriter.Number(state.StepLength);
        writer.Values["scale"] = CheckpointWriter.Number(state.Scale);
        writer.Values["pairs"] = state.Pairs.Count;
        writer.Add("direction", state.Direction);
        writer.Add("gradient", state.Gradient);
        for (int i = 0; i < state.Pairs.Count; i++)
        {
            writer.Add(string.Create(CultureInfo.InvariantCulture, $"s/{i}"), state.Pairs[i].S);
            writer.Add(string.Create(CultureInfo.InvariantCulture, $"y/{i}"), state.Pairs[i].Y);
        }
    }

    public static LbfgsState<T> ReadLbfgs<T>(CheckpointReader reader) where T : unmanaged, IFloatingPointIeee754<T>
    {
        List<LbfgsPair<T>> pairs = [];
        for (int i = 0; i < reader.Whole("pairs"); i++)
        {
            pairs.Add(new(
                reader.Tensor<T>(string.Create(CultureInfo.InvariantCulture, $"s/{i}")),
                reader.Tensor<T>(string.Create(CultureInfo.InvariantCulture, $"y/{i}"))));
        }
        return new(
            reader.Whole("iterations"),
            reader.Whole("evaluations"),
            reader.Number("step length"),
            reader.Number("scale"),
            reader.Tensor<T>("direction"),
            reader.Tensor<T>("gradient"),
            pairs);
    }

    public static void Write<T>(CheckpointWriter writer, WeightAverageState<T> state) where T : unmanaged, IFloatingPointIeee754<T>
    {
        writer.Values["updates"] = state.Updates;
        writer.Values["decay product"] = CheckpointWriter.Number(state.DecayProduct);
        writer.Add("values", state.Values);
    }

    public static WeightAverageState<T> ReadAverage<T>(CheckpointReader reader) where T : unmanaged, IFloatingPointIeee754<T> =>
        new(reader.Whole("updates"), reader.Number("decay product"), reader.Tensors<T>("values"));

    public static void Write<T>(CheckpointWriter writer, EarlyStoppingState<T> state) where T : unmanaged, IFloatingPointIeee754<T>
    {
        writer.Values["observed"] = state.Observed;
        writer.Values["best"] = CheckpointWriter.Number(state.Best);
        writer.Values["best at"] = state.BestAt;
        writer.Add("values", state.BestValues);
        writer.Values["counters"] = CheckpointWriter.Numbers(state.BestCounters, static number => number);
    }

    public static EarlyStoppingState<T> ReadEarlyStopping<T>(CheckpointReader reader) where T : unmanaged, IFloatingPointIeee754<T> => new(
        reader.Whole("observed"),
        reader.Number("best"),
        reader.Whole("best at"),
        reader.Tensors<T>("values"),
        Counters(reader, "counters"));

    public static void Write<T>(CheckpointWriter writer, GradientAccumulationState<T> state) where T : unmanaged, IFloatingPointIeee754<T>
    {
        writer.Values["accumulated"] = state.Accumulated;
        writer.Values["samples"] = state.Samples;
        writer.Add("gradients", state.Gradients);
    }

    public static GradientAccumulationState<T> ReadAccumulation<T>(CheckpointReader reader)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        new(Int(reader, "accumulated"), reader.Whole("samples"), reader.Tensors<T>("gradients"));

    public static void Write(CheckpointWriter writer, BatchPosition position)
    {
        writer.Values["epoch"] = position.Epoch;
        writer.Values["index"] = position.Index;
    }

    public static BatchPosition ReadPosition(CheckpointReader reader) => new(reader.Whole("epoch"), Int(reader, "index"));

    public static void Write(CheckpointWriter writer, PlateauState state) => writer.Values["plateau"] = Plateau(state);

    public static PlateauState ReadPlateau(CheckpointReader reader) =>
        ReadPlateau(reader, reader.Object("plateau"));

    public static void Write(CheckpointWriter writer, string text)
    {
        // JSON would replace half of a surrogate pair in silence
        for (int i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
        {
            if (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i))
            {
                throw new ArgumentException(
                    $"Checkpoint: got half of a surrogate pair at position {i} of a text, expected valid UTF-16.", nameof(text));
            }
        }
        writer.Values["text"] = text;
    }

    public static void Write(CheckpointWriter writer, RandomKey key) => writer.Values["key"] = key.ToString();

    public static RandomKey ReadKey(CheckpointReader reader)
    {
        string text = reader.Text("key");
        return text.Length == 32 && Parse(text.AsSpan(0, 16), out ulong stream) && Parse(text.AsSpan(16), out ulong key)
            ? new RandomKey(key, stream)
            : throw reader.Error($"got the key '{text}', expected 32 hexadecimal digits");

        static bool Parse(ReadOnlySpan<char> digits, out ulong number) =>
            ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
    }

    public static void Write(CheckpointWriter writer, double number) => writer.Values["number"] = CheckpointWriter.Number(number);

    public static double ReadNumber(CheckpointReader reader) => reader.Number("number");

    public static string ReadText(CheckpointReader reader) => reader.Text("text");

    private static JsonObject Plateau(PlateauState state) => new()
    {
        ["best"] = CheckpointWriter.Number(state.Best),
        ["without improvement"] = state.WithoutImprovement,
        ["cooldown left"] = state.CooldownLeft,
        ["reductions"] = state.Reductions,
    };

    private static PlateauState ReadPlateau(CheckpointReader reader, JsonObject plateau)
    {
        try
        {
            return new(
                reader.Number(reader.Node(plateau, "best"), "best"),
                Count("without improvement"),
                Count("cooldown left"),
                Count("reductions"));
        }
        catch (ArgumentOutOfRangeException cause)
        {
            throw reader.Error("got a plateau with a negative count or a best that is no number, expected neither", cause);
        }

        long Count(string name) => reader.Whole(reader.Node(plateau, name), name);
    }

    private static Dictionary<string, long> Counters(CheckpointReader reader, string name) => reader.Entries(name).ToDictionary(
        static entry => entry.Key, entry => reader.Whole(entry.Value, entry.Key), StringComparer.Ordinal);

    private static int Int(CheckpointReader reader, string name) => reader.Whole(name) is >= 0 and <= int.MaxValue and long number
        ? (int)number
        : throw reader.Error($"got a number outside of 32 bits for '{name}', expected one from 0 on");
}
