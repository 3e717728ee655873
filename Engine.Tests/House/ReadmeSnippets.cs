namespace Engine.Tests.House;

/// <summary>What the README shows as a piece of a program, in a program. The marked lines are those of the README.</summary>
internal static class ReadmeSnippets
{
    /// <summary>Trains <paramref name="model"/> for some steps on one batch.</summary>
    /// <returns>The last step's loss.</returns>
    public static float TrainingLoop(Sequential<float> model, Optimizer<float> optimizer, Tensor<float> images, int[] classes, int steps)
    {
        Tape<float> tape = new();
        float last = float.NaN;
        for (int step = 0; step < steps; step++)
        {
            // README: the training loop
            using (tape.Record())
            {
                Tensor<float> loss = model.Forward(images).CrossEntropy(classes);
                tape.Backward(loss);
                optimizer.Step();
            }
            // README: end
            using (tape.Record())
            {
                last = model.Forward(images).CrossEntropy(classes).Item;
            }
        }
        return last;
    }
}
