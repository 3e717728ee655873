namespace Engine.Tests.Persistence;

/// <summary>A training that PyTorch began and saved goes on here as it went on there.</summary>
public sealed class GoldenAdamWTests
{
    private const string Model = "model.", State = "optimizer.";

    /// <summary>
    /// Catches: parameters or moments that are loaded into another's place, an update count that is lost: the bias corrections would
    /// differ.
    /// </summary>
    [Test]
    public void Five_steps_after_the_fifth_give_the_tenth()
    {
        Sequential<double> model = new(
            new Linear<double>(4, 3, RandomKey.FromSeed(1)), new Tanh<double>(), new Linear<double>(3, 2, RandomKey.FromSeed(2)));
        Optimizer<double> optimizer;
        using (SafetensorsFile file = Safetensors.Open(GoldenFiles.PathOf("safetensors/adamw-step5.safetensors")))
        {
            LoadReport report = model.Load(file, WithoutPrefix, NameMatch.Partial);
            Assert.That(report.Missing, Is.Empty);
            Assert.That(report.Unexpected, Is.All.StartsWith(State));
            double rate = double.Parse(file.Metadata["lr"], System.Globalization.CultureInfo.InvariantCulture);
            optimizer = Optimizer.For(new AdamW { LearningRate = rate }, model.Parameters);
            optimizer.LoadState(new(
                long.Parse(file.Metadata["updates"], System.Globalization.CultureInfo.InvariantCulture),
                model.Parameters.ToDictionary(static p => p.Name, p => StateOf(file, p.Name))));
        }
        using SafetensorsFile data = Safetensors.Open(GoldenFiles.PathOf("safetensors/adamw-data.safetensors"));
        Tensor<double> x = data.Read<double>("x"), y = data.Read<double>("y");
        Tape<double> tape = new();
        for (int step = 0; step < 5; step++)
        {
            using (tape.Record())
            {
                tape.Backward(model.Forward(x).MeanSquaredError(y));
                optimizer.Step();
            }
        }

        using SafetensorsFile tenth = Safetensors.Open(GoldenFiles.PathOf("safetensors/adamw-step10.safetensors"));
        OptimizerState<double> state = optimizer.SaveState();
        Assert.That(state.Steps, Is.EqualTo(10));
        foreach (Parameter<double> parameter in model.Parameters)
        {
            ParameterState<double> expected = StateOf(tenth, parameter.Name), actual = state.Parameters[parameter.Name];
            Closeness.Check(parameter.Value, tenth.Read<double>(Model + parameter.Name), parameter.Name);
            Assert.That(actual.Step, Is.EqualTo(expected.Step));
            foreach ((string key, Tensor<double> array) in expected.Arrays)
            {
                Closeness.Check(actual.Arrays[key], array, $"{parameter.Name} {key}");
            }
        }
    }

    private static string WithoutPrefix(string name) => name.StartsWith(Model, StringComparison.Ordinal) ? name[Model.Length..] : name;

    private static ParameterState<double> StateOf(SafetensorsFile file, string name) => new(
        nameof(AdamW),
        (long)file.Read<double>($"{State}{name}.step").Item,
        ((string[])["exp_avg", "exp_avg_sq"]).ToDictionary(static key => key, key => file.Read<double>($"{State}{name}.{key}")),
        new Dictionary<string, double>());
}
