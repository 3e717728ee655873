using System.CommandLine;
using System.Globalization;
using Engine;
using Spectre.Console;

namespace Examples.OwnOp;

/// <summary>
/// What the engine makes of operations that the reader writes: a function with its derivative, a composition, an operation with a Backward
/// of its own.
/// </summary>
internal static class OwnOpCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "own-op";

    /// <summary>The command's description in the help text.</summary>
    public const string Description =
        "Shows operations of one's own: a function in ten lines, a composed loss, an operation with its own gradient; checked and "
            + "trained.";

    private static readonly RandomKey s_key = RandomKey.FromSeed(1);

    /// <summary>Writes the demonstration to <paramref name="output"/>.</summary>
    public static void Configure(Command command, IAnsiConsole output) => command.SetAction(_ => Run(output));

    private static int Run(IAnsiConsole output)
    {
        output.WriteLine("The operations are in Examples/OwnOp. Their gradients, against differences of their values:");
        output.WriteLine();
        bool passed = CheckGradients(output);
        output.WriteLine();
        bool learned = LearnExclusiveOr(output);
        output.WriteLine();
        bool found = FindSaddlePoint(output);
        return passed && learned && found ? 0 : 1;
    }

    private static bool CheckGradients(IAnsiConsole output)
    {
        Parameter<double> x = new("x", Random([3, 4], s_key.Fold("x"))), t = new("t", Random([3, 4], s_key.Fold("t")));
        (string Name, Func<Tensor<double>> Function)[] operations =
        [
            ("x.Apply(new Swish(1.5))", () => x.Value.Apply(new Swish(1.5))),
            ("x.LogCosh(t)", () => x.Value.LogCosh(t.Value)),
            ("GradientReversal, twice", () => GradientReversal<double>.Apply(GradientReversal<double>.Apply(x.Value)) * t.Value),
        ];
        bool passed = true;
        foreach ((string name, Func<Tensor<double>> function) in operations)
        {
            Parameter<double>[] parameters = name.Contains("Swish", StringComparison.Ordinal) ? [x] : [x, t];
            GradCheckReport report = GradCheck.Run(function, parameters);
            passed &= report.Passed;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"  {name,-26} {(report.Passed ? "agrees" : "DIFFERS")} in {report.Compared} derivatives"));
        }
        return passed;
    }

    private static bool LearnExclusiveOr(IAnsiConsole output)
    {
        Sequential<float> model = new(
            new Linear<float>(2, 8, s_key.Fold(0)), new Activation<Swish, float>(new Swish(1.5)), new Linear<float>(8, 1, s_key.Fold(1)));
        Optimizer<float> optimizer = Optimizer.For(new Adam { LearningRate = 0.05 }, model.Parameters);
        Tensor<float> corners = Tensor<float>.From([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]), answers = Tensor<float>.From([0, 1, 1, 0], [4, 1]);
        Tape<float> tape = new();
        output.WriteLine("A network with Swish between its layers learns exclusive or by the LogCosh loss:");
        output.WriteLine();
        float loss = float.NaN;
        for (int step = 0; step <= 200; step++)
        {
            using (tape.Record())
            {
                Tensor<float> error = model.Forward(corners).LogCosh(answers);
                tape.Backward(error);
                optimizer.Step();
                loss = error.Item;
            }
            if (step % 50 == 0)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  step {step,3}  loss {loss:F6}"));
            }
        }
        return loss < 0.01f;
    }

    /// <summary>f(a, b) = (a − 1)² + ab − b² is least in a and greatest in b at (0.8, 0.4).</summary>
    private static bool FindSaddlePoint(IAnsiConsole output)
    {
        Parameter<double> a = new("a", Tensor<double>.From(3)), b = new("b", Tensor<double>.From(-2));
        Optimizer<double> optimizer = Optimizer.For(new Sgd { LearningRate = 0.1 }, [a, b]);
        Tape<double> tape = new();
        for (int step = 0; step < 200; step++)
        {
            using (tape.Record())
            {
                Tensor<double> u = a.Value, v = GradientReversal<double>.Apply(b.Value);
                tape.Backward(((u - 1).Square() + u * v - v.Square()).Sum());
                optimizer.Step();
            }
        }
        output.WriteLine(
            "One optimizer descends in a and, behind the reversed gradient, ascends in b, to the saddle point of (a - 1)^2 + ab - b^2:");
        output.WriteLine();
        output.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"  a = {a.Value.Item:F4}, b = {b.Value.Item:F4}; exactly 0.8 and 0.4"));
        return Math.Abs(a.Value.Item - 0.8) < 1e-6 && Math.Abs(b.Value.Item - 0.4) < 1e-6;
    }

    private static Tensor<double> Random(Shape shape, RandomKey key)
    {
        double[] values = new double[shape.Length];
        key.FillUniform<double>(values, -2, 2);
        return Tensor<double>.From(values, shape);
    }
}
