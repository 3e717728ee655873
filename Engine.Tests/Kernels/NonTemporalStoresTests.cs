using System.Globalization;
using System.Numerics;
using Engine.Kernels;

namespace Engine.Tests;

/// <summary>Results that are stored past the caches.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
[NonParallelizable]
internal sealed class NonTemporalStoresTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly (string Name, Func<Tensor<T>, Tensor<T>> Function)[] s_functions =
    [
        ("Relu", static x => x.Relu()),
        ("Exp", static x => x.Exp()),
        ("Softmax", static x => x.Softmax()),
        ("LogSoftmax", static x => x.LogSoftmax()),
        ("LayerNorm", static x => x.LayerNorm([x.Shape[^1]])),
        ("RmsNorm", static x => x.RmsNorm([x.Shape[^1]])),
        ("BatchNorm of rows", static x => new BatchNorm<T>(x.Shape[1]).Forward(x)),
        ("BatchNorm of planes", static x => new BatchNorm<T>(x.Shape[0]).Forward(x.Reshape(1, x.Shape[0], x.Shape[1]))),
        ("BatchNorm of constants", static x => BatchNormOfConstants(x.Reshape(1, x.Shape[0], x.Shape[1]))),
        ("Where", static x => Tensor<T>.Where(x.Greater(0), x, 2 * x)),
    ];

    /// <summary>
    /// Catches stores of a lane that is not aligned, which end the process, and of elements past the end of a row.
    /// </summary>
    [Test]
    public void They_change_no_bit([Values(64, 37, 100)] int width, [Values(3, 401)] int rows)
    {
        foreach ((string name, Func<Tensor<T>, Tensor<T>> function) in s_functions)
        {
            (T[] value, T[] gradient) = Run(function, rows, width);
            long before = NonTemporalStores.Threshold;
            NonTemporalStores.Threshold = 0;
            try
            {
                (T[] valuePast, T[] gradientPast) = Run(function, rows, width);
                SameBits.Check<T>(valuePast, value, $"{name}, value");
                SameBits.Check<T>(gradientPast, gradient, $"{name}, gradient");
            }
            finally
            {
                NonTemporalStores.Threshold = before;
            }
        }
    }

    /// <summary>Catches a wrong field of the processor's description, with Linux as the oracle.</summary>
    [Test]
    public void The_last_cache_has_the_size_that_Linux_reports()
    {
        const string folder = "/sys/devices/system/cpu/cpu0/cache";
        if (!System.Runtime.Intrinsics.X86.X86Base.IsSupported || !Directory.Exists(folder))
        {
            Assert.That(NonTemporalStores.LastLevelCache, Is.Not.Negative);
            return;
        }
        long? largest = Directory.GetDirectories(folder, "index*").Max(
            static cache => (long?)long.Parse(File.ReadAllText($"{cache}/size").TrimEnd('K', '\n'), CultureInfo.InvariantCulture));
        Assert.That(NonTemporalStores.LastLevelCache, Is.EqualTo(largest * 1024 ?? NonTemporalStores.LastLevelCache));
    }

    private static (T[] Value, T[] Gradient) Run(Func<Tensor<T>, Tensor<T>> function, int rows, int width)
    {
        Parameter<T> x = new("x", Tensor<T>.From(Samples.Uniform<T>(rows * width, 1), [rows, width]));
        Tape<T> tape = new();
        using (tape.Record())
        {
            Tensor<T> y = function(x.Value);
            tape.Backward(y, Tensor<T>.From(Samples.Uniform<T>(rows * width, 2), y.Shape));
            return (y.ToArray(), x.Gradient.ToArray());
        }
    }

    private static Tensor<T> BatchNormOfConstants(Tensor<T> x)
    {
        Tensor<T> one = Tensor<T>.Ones([x.Shape[1]]);
        return x.BatchNorm(one * 0.5, one * 2, one, one, 1e-5);
    }
}
