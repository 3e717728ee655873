namespace Engine.Tests.Data;

/// <summary>Data sets whose numbers say which example they belong to.</summary>
internal static class Numbers
{
    /// <summary>Inputs of [count, 2]: 10i and 10i + 1.</summary>
    public static Tensor<float> Inputs(int count) =>
        Tensor<float>.From([.. Enumerable.Range(0, count).SelectMany(i => (float[])[10 * i, 10 * i + 1])], [count, 2]);

    /// <summary>Examples with label i mod classes.</summary>
    public static Dataset<float> Labeled(int count, int classes) =>
        new(Inputs(count), [.. Enumerable.Range(0, count).Select(i => i % classes)]);

    /// <summary>Examples with the targets [−i].</summary>
    public static Dataset<float> WithTargets(int count) =>
        new(Inputs(count), Tensor<float>.From([.. Enumerable.Range(0, count).Select(i => -(float)i)], [count, 1]));

    /// <summary>The numbers of the examples.</summary>
    public static int[] Of(Dataset<float> data) => Of(data.Inputs);

    /// <summary>The numbers of the examples whose inputs these are.</summary>
    public static int[] Of(Tensor<float> inputs)
    {
        float[] values = inputs.ToArray();
        Assert.That(values.Where((_, i) => i % 2 == 1), Is.EqualTo(values.Where((_, i) => i % 2 == 0).Select(value => value + 1)));
        return [.. values.Where((_, i) => i % 2 == 0).Select(value => (int)value / 10)];
    }
}
