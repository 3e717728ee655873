using System.Numerics;
using Engine;
using Examples.Digits;

namespace Examples.Precision;

/// <summary>Runs the same code in single and in double precision, where that matters and where it does not.</summary>
internal static class PrecisionStudy
{
    /// <summary>Where the small steps begin, and where they should end.</summary>
    public const double Start = 4096, End = 4095;

    /// <summary>What is added to the pixels before their variance is taken.</summary>
    public const double Offset = 10_000;

    /// <summary>The number of steps between two distances from the minimum.</summary>
    public const int Interval = 100;

    private const int SmallSteps = 50_000, Images = 100, Hidden = 16;

    /// <summary>The h of the difference quotients: from 10⁻¹⁰ to 1, two for each power of ten.</summary>
    public static IReadOnlyList<double> Differences { get; } = [.. Enumerable.Range(-20, 21).Select(i => Math.Pow(10, 0.5 * i))];

    /// <summary>The variance of the pixels of the test images, which adding a number to them does not change.</summary>
    public static double TrueVariance { get; } = Variance([.. DigitsSplit.Load().Test.Inputs.ToArray().Select(pixel => (double)pixel)]);

    /// <summary>Runs everything in one precision.</summary>
    /// <param name="seed">The seed of weights and orders.</param>
    /// <param name="epochs">Passes over the training images.</param>
    /// <param name="steps">The steps on Rosenbrock's function.</param>
    public static PrecisionResult Run<T>(long seed, int epochs, int steps) where T : unmanaged, IFloatingPointIeee754<T>
    {
        DatasetSplit<T> digits = DigitsSplit.Load<T>();
        RandomKey key = RandomKey.FromSeed(seed);
        Tensor<T> shifted = digits.Test.Inputs + Offset;
        return new PrecisionResult(
            TakeSmallSteps<T>(),
            Number((shifted.Square().Mean() - shifted.Mean().Square()).Item),
            Descend<T>(steps),
            DifferenceErrors<T>(key.Fold("differences")),
            Accuracy(digits, epochs, key));
    }

    /// <summary>Descends along a slope of 1 with steps that are less than half of the last place of a float.</summary>
    private static double TakeSmallSteps<T>() where T : unmanaged, IFloatingPointIeee754<T>
    {
        Parameter<T> x = new("x", Tensor<T>.From(T.CreateTruncating(Start)));
        Optimizer<T> optimizer = Optimizer.For(new Sgd { LearningRate = (Start - End) / SmallSteps }, [x]);
        Tensor<T> slope = Tensor<T>.From(T.One);
        for (int step = 0; step < SmallSteps; step++)
        {
            x.SetGradient(slope);
            optimizer.Step();
        }
        return Number(x.Value.Item);
    }

    /// <summary>Descends on (1 − a)² + 100(b − a²)² with momentum.</summary>
    private static List<double> Descend<T>(int steps) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Parameter<T> x = new("x", Tensor<T>.From(T.CreateTruncating(-1.2), T.One));
        Optimizer<T> optimizer = Optimizer.For(new Momentum { LearningRate = 5e-4 }, [x]);
        Tape<T> tape = new();
        List<double> distances = [Distance()];
        for (int step = 1; step <= steps; step++)
        {
            using (tape.Record())
            {
                Tensor<T> a = x.Value.Slice(..1), b = x.Value.Slice(1..);
                tape.Backward(((1 - a).Square() + 100 * (b - a.Square()).Square()).Sum());
                optimizer.Step();
            }
            if (step % Interval == 0)
            {
                distances.Add(Distance());
            }
        }
        return distances;

        double Distance() => Math.Sqrt(Square(Number(x.Value[0]) - 1) + Square(Number(x.Value[1]) - 1));
    }

    /// <summary>
    /// The errors of (f(h) − f(−h))/2h, where f is the loss of a network along its gradient, against the gradient in double precision.
    /// </summary>
    private static double[] DifferenceErrors<T>(RandomKey key) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Sequential<double> exact = Network<double>(key);
        Dataset<double> images = Few<double>();
        Tape<double> tape = new();
        using (tape.Record())
        {
            tape.Backward(exact.Forward(images.Inputs).CrossEntropy(images.Labels));
        }
        double slope = Math.Sqrt(exact.Parameters.Sum(parameter => Square(Vectors.Norm(parameter.Gradient.Span))));
        Sequential<T> model = Network<T>(key);
        Dataset<T> same = Few<T>();
        return [.. Differences.Select(h => Math.Abs((Loss(h) - Loss(-h)) / (2 * h) / slope - 1))];

        double Loss(double h)
        {
            for (int i = 0; i < model.Parameters.Count; i++)
            {
                double[] value = exact.Parameters[i].Value.ToArray(), gradient = exact.Parameters[i].Gradient.ToArray();
                T[] moved = [.. value.Zip(gradient, (w, g) => T.CreateTruncating(w + h * g / slope))];
                model.Parameters[i].SetValue(Tensor<T>.From(moved, model.Parameters[i].Shape));
            }
            return Number(model.Forward(same.Inputs).CrossEntropy(same.Labels).Item);
        }

        static Dataset<U> Few<U>() where U : unmanaged, IFloatingPointIeee754<U> =>
            DigitsSplit.Load<U>().Test.Subset([.. Enumerable.Range(0, Images)]);
    }

    private static double Accuracy<T>(DatasetSplit<T> digits, int epochs, RandomKey key) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Sequential<T> model = Network<T>(key.Fold("weights"));
        Optimizer<T> optimizer = Optimizer.For(new Momentum { LearningRate = 0.1 }, model.Parameters);
        return DigitsTrainer.FinalAccuracy(DigitsTrainer.For(model, optimizer).Fit(
            digits.Train.Batches(32, key.Fold("batches")), TrainingLength.Epochs(epochs), DigitsTrainer.InOneBatch(digits.Test)));
    }

    /// <summary>A smooth network: its difference quotients have no kinks in them.</summary>
    private static Sequential<T> Network<T>(RandomKey key) where T : unmanaged, IFloatingPointIeee754<T> =>
        DigitsNetwork.Create<T>(key, depth: 1, Hidden, _ => [new Tanh<T>()]);

    private static double Variance(double[] values)
    {
        double mean = values.Average();
        return values.Average(value => Square(value - mean));
    }

    private static double Number<T>(T value) where T : IFloatingPointIeee754<T> => double.CreateTruncating(value);

    private static double Square(double x) => x * x;
}
